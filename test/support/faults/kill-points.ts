import { CHECKPOINTS, type Checkpoint } from '../../../src/user-sync/index.ts';
import type { Draws } from '../../../tools/google-stand-in/seed/random.ts';
import { shuffled } from './directory-churn.ts';

/** What has to happen for a checkpoint to be reached. */
export type Provocation = 'sync' | 'cancel' | 'stale-preview' | 'lost-authorization' | 'approval';

type Place = { readonly program: 'worker' | 'server'; readonly provocation: Provocation };

const inWorker = (provocation: Provocation): Place => ({ program: 'worker', provocation });
const inServer = (provocation: Provocation): Place => ({ program: 'server', provocation });

/** Where each checkpoint is passed. A new one does not compile until it is told here how it is reached. */
const PLACES: Record<Checkpoint, Place> = {
  'run-requested': inServer('sync'),
  'run-cancel-requested': inServer('cancel'),
  'step-begun': inWorker('sync'),
  'listing-begun': inWorker('sync'),
  'page-stored': inWorker('sync'),
  'run-waiting': inWorker('lost-authorization'),
  'run-read-anew': inWorker('lost-authorization'),
  'plan-made': inWorker('sync'),
  'batch-applied': inWorker('sync'),
  'batch-overtaken': inWorker('stale-preview'),
  'batches-passed': inWorker('sync'),
  'photos-counted': inWorker('sync'),
  'photos-stored': inWorker('sync'),
  'run-finished': inWorker('sync'),
  'approval-decided': inServer('approval'),
  'removals-applied': inWorker('approval'),
  'approval-ended': inWorker('approval'),
};

export type KillPoint = Place & { readonly name: string };

/** Every checkpoint, before and after its commit, in an order of the seed. */
export const killPoints = (draws: Draws): KillPoint[] =>
  shuffled(
    CHECKPOINTS.flatMap((checkpoint) =>
      ['before', 'after'].map((moment) => ({ name: `${checkpoint}:${moment}`, ...PLACES[checkpoint] })),
    ),
    draws,
  );
