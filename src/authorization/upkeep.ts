import type { KeepTokenFreshInput } from '../contracts/index.ts';
import type { Grant } from '../db/entities/index.ts';
import { isAppError } from '../errors.ts';
import type { AuthorizationDependencies, AuthorizationDurations } from './dependencies.ts';
import { findIntegration, findNewestGrant } from './integrations.ts';
import { isGrantOver, type Refresher } from './refresh.ts';

/** What upkeep does next: look again after a while, wait to be told, or end because there is nothing to keep. */
export type UpkeepStep =
  | { readonly next: 'wait'; readonly delayMs: number }
  | { readonly next: 'parked' }
  | { readonly next: 'gone' };

/** Idle grants are renewed up to this share earlier, so that thousands of them do not come at once. */
const JITTER = 0.1;
/** Even a grant whose renewal is due at once leaves Google this much time. */
const SHORTEST_DELAY_MS = 1_000;
/** Google refused the request itself, which says nothing about the grant: asked again later. */
const REFUSED_DELAY_MS = 60 * 60_000;

type UpkeepDependencies = Pick<AuthorizationDependencies, 'orm' | 'clock' | 'random'> & {
  readonly durations: AuthorizationDurations;
  readonly refresh: Refresher;
};

export const createUpkeep = ({ orm, clock, random = Math.random, durations, refresh }: UpkeepDependencies) => {
  const delayUntilDue = (grant: Grant): number => {
    const now = clock().getTime();
    const isInUse = now - grant.usedAt.getTime() < durations.inUseMs;
    const expiresAt = grant.accessTokenExpiresAt?.getTime();
    const dueAt =
      isInUse && expiresAt !== undefined
        ? expiresAt - Math.min(durations.refreshAheadMs, (expiresAt - grant.refreshedAt.getTime()) / 2)
        : grant.refreshedAt.getTime() + durations.idleRefreshMs * (1 - JITTER * random());
    return dueAt - now;
  };

  const load = async ({ tenantId, integrationId }: KeepTokenFreshInput): Promise<Grant | 'parked' | 'gone'> => {
    const em = orm.em.fork();
    const integration = await findIntegration(em, tenantId);
    if (integration?.id !== integrationId || integration.disconnectedAt) return 'gone';
    const grant = await findNewestGrant(em, integration);
    if (!grant) return 'gone';
    return grant.endedAt ? 'parked' : grant;
  };

  /**
   * Renews the grant of an integration if that is due, and says when to come back.
   *
   * @throws AppError GOOGLE_UNAVAILABLE, GOOGLE_RATE_LIMITED: come back as the error says; the grant is as good as before
   */
  return async (integration: KeepTokenFreshInput): Promise<UpkeepStep> => {
    const grant = await load(integration);
    if (grant === 'parked' || grant === 'gone') return { next: grant };
    const delayMs = delayUntilDue(grant);
    if (delayMs > 0) return { next: 'wait', delayMs };
    try {
      await refresh(grant);
    } catch (error) {
      if (isGrantOver(error)) return { next: 'parked' };
      if (isAppError(error) && error.kind === 'permanent') return { next: 'wait', delayMs: REFUSED_DELAY_MS };
      throw error;
    }
    const kept = await load(integration);
    if (kept === 'parked' || kept === 'gone') return { next: kept };
    return { next: 'wait', delayMs: Math.max(delayUntilDue(kept), SHORTEST_DELAY_MS) };
  };
};
