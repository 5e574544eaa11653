import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { countActions } from '../plan/plan-queries.ts';
import type { RetentionSettings } from '../retention/retention.ts';
import type { Commit } from './checkpoints.ts';
import { dropOldPages, endRun, type RunEnd, selectRun } from './run-queries.ts';

export interface FinishRunDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly commit: Commit;
  readonly retention: RetentionSettings;
}

/** Why a run ends before its work is done. */
export type RunStop =
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'cancelled' };

/** Ends a run with the state its rows tell. Ending it twice changes nothing. */
export const createFinishRun = ({ orm, clock, commit, retention }: FinishRunDependencies) => {
  const needsSomebody = async (tenantId: string, runId: string): Promise<boolean> => {
    const counts = await countActions(orm.em.fork(), tenantId, runId);
    return (counts.get('conflict') ?? 0) + (counts.get('waiting-for-number') ?? 0) > 0;
  };

  const endOf = async (tenantId: string, runId: string, stop: RunStop | undefined): Promise<Omit<RunEnd, 'now'>> => {
    if (stop?.kind === 'cancelled') return { tenantId, runId, state: 'cancelled', problem: null };
    if (stop) return { tenantId, runId, state: 'failed', problem: { code: stop.code, message: stop.message } };
    const run = await selectRun(orm.em.fork(), tenantId, runId, clock());
    const partly = !run || run.failed > 0 || run.held_removals > 0 || (await needsSomebody(tenantId, runId));
    return { tenantId, runId, state: partly ? 'partly' : 'succeeded', problem: null };
  };

  return async ({ tenantId, runId, stop }: { tenantId: string; runId: string; stop?: RunStop }): Promise<void> => {
    const end = await endOf(tenantId, runId, stop);
    await commit('run-finished', async (em) => {
      await endRun(em, { ...end, now: clock() });
      await dropOldPages(em, tenantId, retention.snapshots);
    });
  };
};
