import { setTimeout as pause } from 'node:timers/promises';
import { type Grant, GrantEntity, type Integration } from '../db/entities/index.ts';
import { AppError, type ErrorCode, isAppError } from '../errors.ts';
import { toAppError } from '../google/errors.ts';
import type { TokenAnswer } from '../google/oauth.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies, AuthorizationDurations } from './dependencies.ts';
import { ending, NO_FAILURES, NO_LEASE, openToken, sealToken } from './grants.ts';
import { findIntegration, openClient } from './integrations.ts';
import { claimLease } from './lease-queries.ts';
import { hashOf } from './one-time-values.ts';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const WAIT_STEP_MS = 100;

type RefresherDependencies = Pick<AuthorizationDependencies, 'orm' | 'clock' | 'secrets' | 'oauth'> & {
  readonly durations: AuthorizationDurations;
};

/** 1 s, 2 s, 4 s … a minute: an outage of Google is asked about, not stormed. */
const pauseAfter = (failures: number): number => Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);

/**
 * Renews access tokens, one caller at a time per grant over all processes: claim a lease on the row, ask Google outside
 * any transaction, store only while the lease is still ours. Whoever does not get the lease waits for who has it. A
 * newer generation is another row, so an older one has nothing to overwrite.
 */
export const createRefresher = ({ orm, clock, secrets, oauth, durations }: RefresherDependencies) => {
  const fork = () => orm.em.fork();

  const reload = ({ tenantId, id }: Grant): Promise<Grant> => fork().findOneOrFail(GrantEntity, { tenantId, id });

  /** @returns false when the lease was lost to somebody slower to give up or quicker to answer */
  const store = async (grant: Grant, owner: string, changes: Partial<Grant>): Promise<boolean> =>
    (await fork().nativeUpdate(
      GrantEntity,
      { tenantId: grant.tenantId, id: grant.id, leaseOwner: owner, endedAt: null },
      { ...changes, ...NO_LEASE },
    )) === 1;

  const renewed = (grant: Grant, answer: TokenAnswer): Partial<Grant> => {
    const now = clock();
    return {
      sealedAccessToken: sealToken(secrets, grant, 'sealedAccessToken', answer.accessToken),
      accessTokenHash: hashOf(answer.accessToken),
      accessTokenExpiresAt: new Date(now.getTime() + answer.expiresInMs),
      refreshedAt: now,
      ...(answer.refreshToken && {
        sealedRefreshToken: sealToken(secrets, grant, 'sealedRefreshToken', answer.refreshToken),
      }),
      ...(answer.refreshTokenExpiresInMs && {
        refreshTokenExpiresAt: new Date(now.getTime() + answer.refreshTokenExpiresInMs),
      }),
      ...NO_FAILURES,
    };
  };

  const putOff = (grant: Grant, error: AppError): Partial<Grant> => {
    const now = clock();
    const failures = grant.failures + 1;
    return {
      failures,
      failingSince: grant.failingSince ?? now,
      failureCode: error.code,
      retryAt: new Date(now.getTime() + (error.retryAfterMs ?? pauseAfter(failures))),
    };
  };

  const ask = async (grant: Grant, integration: Integration | null): Promise<TokenAnswer> => {
    const refreshToken = openToken(secrets, grant, 'sealedRefreshToken');
    if (!refreshToken) throw advisedError('GRANT_REVOKED');
    return oauth.refresh({ client: openClient(secrets, integration), refreshToken });
  };

  /** The one that holds the lease. What it learns counts only while it does. */
  const renew = async (grant: Grant, owner: string): Promise<Grant> => {
    try {
      const answer = await ask(grant, await findIntegration(fork(), grant.tenantId));
      await store(grant, owner, renewed(grant, answer));
      return await reload(grant);
    } catch (error) {
      const known = toAppError(error, { door: 'refresh' });
      const isOver = known.kind === 'unauthorized';
      const kept = await store(grant, owner, isOver ? ending(known.code, clock()) : putOff(grant, known));
      if (!kept) return reload(grant);
      throw known;
    }
  };

  const throwIfPutOff = (grant: Grant): void => {
    const waitMs = (grant.retryAt?.getTime() ?? 0) - clock().getTime();
    if (waitMs <= 0) return;
    const code = (grant.failureCode ?? 'GOOGLE_UNAVAILABLE') as ErrorCode;
    throw advisedError(code, { retryAfterMs: waitMs });
  };

  const renewOrWait = async (found: Grant): Promise<Grant> => {
    const giveUpAt = performance.now() + durations.leaseWaitMs;
    let grant = found;
    while (performance.now() < giveUpAt) {
      if (grant.endedAt || grant.accessTokenHash !== found.accessTokenHash) return grant;
      throwIfPutOff(grant);
      const owner = crypto.randomUUID();
      const claimed = await claimLease(fork(), {
        tenantId: grant.tenantId,
        grantId: grant.id,
        owner,
        leaseMs: durations.leaseMs,
        seenTokenHash: grant.accessTokenHash ?? null,
      });
      if (!claimed) await pause(WAIT_STEP_MS);
      grant = await (claimed ? renew(grant, owner) : reload(grant));
    }
    throw new AppError('UNAVAILABLE', 'Renewing the access to Google takes longer than usual; it is tried again.');
  };

  const underWay = new Map<string, Promise<Grant>>();

  /**
   * The grant with another access token than the one it was found with, or ended.
   *
   * @throws AppError of kind `unauthorized` when Google ended the grant now; GOOGLE_UNAVAILABLE, GOOGLE_RATE_LIMITED
   * when it could not be renewed now, which never costs the grant
   */
  return (grant: Grant): Promise<Grant> => {
    const running = underWay.get(grant.id);
    if (running) return running;
    const started = renewOrWait(grant).finally(() => underWay.delete(grant.id));
    underWay.set(grant.id, started);
    return started;
  };
};

export type Refresher = ReturnType<typeof createRefresher>;

export const isGrantOver = (error: unknown): error is AppError => isAppError(error) && error.kind === 'unauthorized';
