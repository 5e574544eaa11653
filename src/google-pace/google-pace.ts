import { setTimeout as sleep } from 'node:timers/promises';
import type { Orm } from '../db/orm.ts';
import { AppError, isAppError } from '../errors.ts';
import type { GooglePace, GoogleUrgency } from '../google/index.ts';
import { openProject, pauseAccount, pauseProject, type Refusal, type TurnRequest, takeTurn } from './pace-queries.ts';

export interface GooglePaceDependencies {
  readonly orm: Orm;
  readonly quota: {
    /** Requests that Google allows one project in a minute, whoever sends them. */
    readonly queriesPerMinute: number;
  };
}

/** The part of the quota that is used; the rest is for what passes the queue by, and for clocks that differ. */
const USED_SHARE = 0.95;

/** Pictures of one account that are asked for at the same time, unless Google finds that too many. */
const MOST_PARALLEL = 10;

/** What each urgency may do: pass so much of the queue by, and wait so long in the caller's slot. */
const LANES: Record<GoogleUrgency, { readonly aheadMs: number; readonly longestWaitMs: number }> = {
  person: { aheadMs: 3_000, longestWaitMs: 5_000 },
  manual: { aheadMs: 2_000, longestWaitMs: 5_000 },
  scheduled: { aheadMs: 1_000, longestWaitMs: 5_000 },
  photos: { aheadMs: 0, longestWaitMs: 2_000 },
};

const BLOCK_MS = 1_000;
const SHARED_BLOCK_MS = 250;

/** Callers that were sent away together should not come back together. */
const SPREAD_MS = 250;

/** Google's advice is 1 s, then twice as long each time (Directory API, "Limits and quotas"). */
const UNTOLD = { shortestMs: 1_000, longestMs: 5 * 60_000 };
/** A daily limit that names no time is asked about once an hour. */
const UNTOLD_DAILY = { shortestMs: 60 * 60_000, longestMs: 60 * 60_000 };

/**
 * Google's quota, kept in the database so that all processes share it: a queue for each Google project, passed by as
 * far as a request's urgency allows, and a pause for each account. Waits of more than a few seconds are given back to
 * the caller, whose workflow sleeps. The database's clock counts.
 */
export const createGooglePace = ({ orm, quota }: GooglePaceDependencies): GooglePace => {
  const spacingMs = 60_000 / (quota.queriesPerMinute * USED_SHARE);
  const inTime = (blockMs: number, permits: number) => Math.max(1, Math.min(permits, Math.floor(blockMs / spacingMs)));

  const next = async (turn: TurnRequest) => {
    const em = orm.em.fork();
    const taken = await takeTurn(em, turn);
    if (taken) return taken;
    return (await openProject(em, turn.tenantId)) ? takeTurn(em, turn) : undefined;
  };

  return {
    async take({ tenantId, permits, urgency, signal }) {
      signal.throwIfAborted();
      const turn = await next({
        tenantId,
        permits: inTime(BLOCK_MS, permits),
        sharedPermits: inTime(SHARED_BLOCK_MS, permits),
        spacingMs,
        ...LANES[urgency],
        mostParallel: MOST_PARALLEL,
      });
      if (!turn) return { permits, parallel: 1 };
      if (!turn.taken) throw quotaInUse(Math.ceil(turn.wait_ms + Math.random() * SPREAD_MS));
      if (turn.wait_ms > 0) await sleep(turn.wait_ms, undefined, { signal });
      return { permits: turn.permits, parallel: turn.parallel };
    },

    async slowDown(tenantId, refusal) {
      if (!isAppError(refusal) || refusal.kind !== 'throttled' || refusal.code === 'GOOGLE_QUOTA_IN_USE') return;
      const em = orm.em.fork();
      const untold = refusal.code === 'GOOGLE_DAILY_LIMIT_REACHED' ? UNTOLD_DAILY : UNTOLD;
      const told: Refusal = { tenantId, toldMs: refusal.retryAfterMs, ...untold };
      if (refusal.code === 'GOOGLE_ACCOUNT_BUSY') await pauseAccount(em, told, MOST_PARALLEL);
      else await pauseProject(em, told);
    },
  };
};

const quotaInUse = (retryAfterMs: number): AppError =>
  new AppError('GOOGLE_QUOTA_IN_USE', 'The Google quota of this project is in use; the work goes on by itself.', {
    retryAfterMs,
  });
