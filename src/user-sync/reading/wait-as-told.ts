import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { type AppError, isAppError } from '../../errors.ts';
import type { SyncPace } from '../runs/pace.ts';
import { noteWaiting } from '../runs/run-queries.ts';

/** How far one stretch of reading came. `throttled`: Google, or our share of its quota, asks to wait before it goes on. */
export type ReadProgress =
  | { readonly outcome: 'complete' }
  | { readonly outcome: 'more' }
  | { readonly outcome: 'throttled'; readonly retryAfterMs: number };

interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

/** A told wait that is longer than the activity's own retries come round; it may be hours, which only the run can wait. */
const LONG_WAIT_MS = 60_000;

/**
 * A quota is waited for however long it takes, and so is an outage whose end Google tells. An outage that lets nothing
 * through is the activity's to retry, within its limits.
 */
const canWait = ({ kind, retryAfterMs }: AppError, movedOn: boolean): boolean =>
  kind === 'throttled' || (kind === 'transient' && (movedOn || (retryAfterMs ?? 0) > LONG_WAIT_MS));

export interface WaitAsToldDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly pace: SyncPace;
}

/**
 * Ends a stretch of reading that Google stopped: notes on the run until when it waits, and why, for whoever looks at
 * it, and hands the wait to the workflow, which sleeps durably.
 *
 * @returns the progress with the wait in milliseconds
 * @throws the error itself when it is none to wait for
 */
export const createWaitAsTold =
  ({ orm, clock, pace }: WaitAsToldDependencies) =>
  async ({ tenantId, runId }: RunKey, error: unknown, movedOn: boolean): Promise<ReadProgress> => {
    if (!isAppError(error) || !canWait(error, movedOn)) throw error;
    const retryAfterMs = error.retryAfterMs ?? pace.throttlePauseMs;
    const until = new Date(clock().getTime() + retryAfterMs);
    await noteWaiting(orm.em.fork(), tenantId, runId, { until, code: error.code });
    return { outcome: 'throttled', retryAfterMs };
  };
