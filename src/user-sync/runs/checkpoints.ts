import type { EntityManager, Orm } from '../../db/orm.ts';

/** Everything that a run makes durable, and that whoever comes next goes on from. */
export const CHECKPOINTS = [
  'run-requested',
  'run-cancel-requested',
  'step-begun',
  'listing-begun',
  'page-stored',
  'run-waiting',
  'run-read-anew',
  'plan-made',
  'batch-applied',
  'batch-overtaken',
  'batches-passed',
  'photos-counted',
  'photos-stored',
  'run-finished',
  'approval-decided',
  'removals-applied',
  'approval-ended',
] as const;
export type Checkpoint = (typeof CHECKPOINTS)[number];

/**
 * Told of a checkpoint twice: `before`, when all is written and nothing committed, and `after` the commit. Tests end a
 * process exactly there.
 */
export type OnCheckpoint = (checkpoint: Checkpoint, moment: 'before' | 'after') => void;

/** Does the work in a transaction of its own, which is this checkpoint. */
export type Commit = <Result>(checkpoint: Checkpoint, work: (em: EntityManager) => Promise<Result>) => Promise<Result>;

export const createCommit =
  (orm: Orm, onCheckpoint: OnCheckpoint): Commit =>
  async (checkpoint, work) => {
    const result = await orm.em.fork().transactional(async (em) => {
      const made = await work(em);
      await em.flush();
      onCheckpoint(checkpoint, 'before');
      return made;
    });
    onCheckpoint(checkpoint, 'after');
    return result;
  };
