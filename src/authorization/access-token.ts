import { type Grant, GrantEntity } from '../db/entities/index.ts';
import { type AppError, isErrorCode } from '../errors.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies, AuthorizationDurations } from './dependencies.ts';
import { type Feature, missingScopes } from './features.ts';
import { NO_ACCESS_TOKEN, openToken } from './grants.ts';
import { findIntegration, findNewestGrant } from './integrations.ts';
import { hashOf } from './one-time-values.ts';
import type { Refresher } from './refresh.ts';

/** `used at` is as exact as this, so that a busy token does not write a row at every use. */
const USED_AT_PRECISION_MS = 5 * 60_000;

export interface AccessTokenRequest {
  readonly tenantId: string;
  /** What the token is for; the grant must cover it. */
  readonly purpose: Feature;
}

/** Why an ended grant gives no token: the reason it ended for, or that nobody connected it again. */
const endOf = (grant: Grant): AppError =>
  advisedError(isErrorCode(grant.endCode) ? grant.endCode : 'INTEGRATION_NOT_ACTIVE');

type AccessDependencies = Pick<AuthorizationDependencies, 'orm' | 'clock' | 'secrets' | 'workflows'> & {
  readonly durations: AuthorizationDurations;
  readonly refresh: Refresher;
};

/** The one door to access tokens, for everything that talks to Google in a level's name. */
export const createAccessTokens = ({ orm, clock, secrets, workflows, durations, refresh }: AccessDependencies) => {
  const loadLive = async ({ tenantId, purpose }: AccessTokenRequest): Promise<Grant> => {
    const em = orm.em.fork();
    const integration = await findIntegration(em, tenantId);
    if (!integration?.clientId) throw advisedError('INTEGRATION_NOT_CONFIGURED');
    const grant = await findNewestGrant(em, integration);
    if (!grant || integration.disconnectedAt) throw advisedError('INTEGRATION_NOT_ACTIVE');
    if (grant.endedAt) throw endOf(grant);
    if (missingScopes(purpose, grant.scopes).length > 0) throw advisedError('GOOGLE_SCOPE_MISSING');
    return grant;
  };

  const usableToken = (grant: Grant): string | undefined =>
    grant.accessTokenExpiresAt && grant.accessTokenExpiresAt.getTime() - clock().getTime() > durations.expiryMarginMs
      ? openToken(secrets, grant, 'sealedAccessToken')
      : undefined;

  /** After a rest, upkeep sleeps for days: it is told that the token is in use again. */
  const noteUse = async ({ tenantId, id, usedAt, integrationId }: Grant): Promise<void> => {
    const now = clock();
    const unusedMs = now.getTime() - usedAt.getTime();
    if (unusedMs < Math.min(USED_AT_PRECISION_MS, durations.inUseMs)) return;
    await orm.em.fork().nativeUpdate(GrantEntity, { tenantId, id }, { usedAt: now });
    if (unusedMs > durations.inUseMs) await workflows.tokenChanged({ tenantId, integrationId }).catch(() => undefined);
  };

  const getAccessToken = async (request: AccessTokenRequest): Promise<string> => {
    const grant = await loadLive(request);
    await noteUse(grant);
    const token = usableToken(grant);
    if (token) return token;
    const renewed = await refresh(grant);
    // Ended while we waited: by a newer generation, which has a token, or for a reason, which is thrown.
    if (renewed.endedAt) return getAccessToken(request);
    const fresh = usableToken(renewed);
    if (!fresh) throw advisedError('GOOGLE_ANSWER_INVALID');
    return fresh;
  };

  return {
    /**
     * A token that Google takes for at least a minute; renewed first when need be.
     *
     * @throws AppError INTEGRATION_NOT_CONFIGURED, INTEGRATION_NOT_ACTIVE; GOOGLE_SCOPE_MISSING, GRANT_REVOKED and the
     * others of kind `unauthorized` until somebody authorizes again; GOOGLE_UNAVAILABLE, GOOGLE_RATE_LIMITED to be
     * tried again
     */
    getAccessToken,

    /** Says that Google refused a token before its time. Only that token is forgotten, never a newer one. */
    async forgetAccessToken(tenantId: string, accessToken: string): Promise<void> {
      await orm.em
        .fork()
        .nativeUpdate(GrantEntity, { tenantId, accessTokenHash: hashOf(accessToken), endedAt: null }, NO_ACCESS_TOKEN);
    },

    /**
     * Whether a feature may begin its work, without asking Google.
     *
     * @throws AppError as `getAccessToken`, saying what to do first
     */
    async requireReady(request: AccessTokenRequest): Promise<void> {
      await loadLive(request);
    },

    /** The Google customer that the integration is pinned to; undefined when there is none, or Google did not tell it. */
    async getCustomerId(tenantId: string): Promise<string | undefined> {
      return (await findIntegration(orm.em.fork(), tenantId))?.pinnedCustomerId ?? undefined;
    },
  };
};
