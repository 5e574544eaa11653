import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import {
  deleteExpiredChanges,
  deleteExpiredRuns,
  deleteExpiredTicks,
  deleteForgottenProfiles,
  selectTenantsWithProfiles,
} from './retention-queries.ts';

/** How long what sync did stays readable. */
export interface RetentionSettings {
  /** Runs with their plans, and when schedules came round, go this long after their end. */
  readonly logDays: number;
  /** Complete listings of a directory that stay, the newest ones. */
  readonly snapshots: number;
}

export const DEFAULT_RETENTION: RetentionSettings = { logDays: 90, snapshots: 3 };

export interface RetentionDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly retention: RetentionSettings;
}

/** What one sweep deleted. */
export interface Swept {
  readonly runs: number;
  readonly changes: number;
  readonly ticks: number;
  readonly profiles: number;
}

const DAY_MS = 24 * 60 * 60_000;
const RUNS_AT_ONCE = 50;
const ROWS_AT_ONCE = 5_000;

/**
 * Deletes what is older than it needs to be, for every tenant, in statements of bounded size: each is done or not, so
 * ending anywhere is fine, and so is being at it in several processes. A run stays for as long as removals of its plan
 * wait for a decision, its listing is one of the newest complete ones, or another run took over its plan.
 */
export const createSweep = ({ orm, clock, retention }: RetentionDependencies) => {
  const untilNone = async (signal: AbortSignal, atOnce: number, step: () => Promise<number>): Promise<number> => {
    let all = 0;
    for (let some = atOnce; some === atOnce; all += some) {
      signal.throwIfAborted();
      some = await step();
    }
    return all;
  };

  return async (signal: AbortSignal): Promise<Swept> => {
    const before = new Date(clock().getTime() - retention.logDays * DAY_MS);
    const em = () => orm.em.fork();
    let changes = 0;
    const runs = await untilNone(signal, RUNS_AT_ONCE, async () => {
      changes += await untilNone(signal, ROWS_AT_ONCE, () =>
        deleteExpiredChanges(em(), before, RUNS_AT_ONCE, ROWS_AT_ONCE),
      );
      return deleteExpiredRuns(em(), before, RUNS_AT_ONCE);
    });
    const ticks = await untilNone(signal, ROWS_AT_ONCE, () => deleteExpiredTicks(em(), before, ROWS_AT_ONCE));
    let profiles = 0;
    for (const tenantId of await selectTenantsWithProfiles(em())) {
      signal.throwIfAborted();
      profiles += await deleteForgottenProfiles(em(), tenantId, before);
    }
    return { runs, changes, ticks, profiles };
  };
};
