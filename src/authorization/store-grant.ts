import { type AuthorizationRequest, GrantEntity, type Integration, IntegrationEntity } from '../db/entities/index.ts';
import type { GoogleIdentity } from '../google/id-token.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { endLiveGrant, sealToken } from './grants.ts';
import { lockIntegration, requireConfigured } from './integrations.ts';
import { hashOf } from './one-time-values.ts';
import { settlement, step } from './requests.ts';

/** What a consent gave, verified. */
export interface NewGrant {
  readonly identity: GoogleIdentity;
  readonly customerId: string | undefined;
  readonly scopes: readonly string[];
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date | null;
}

type Company = { readonly hostedDomain: string; readonly customerId: string | undefined };

/** The customer's id decides where both are known; a grant without the directory scope knows the domain only. */
const isSameCompany = (pinned: Integration, { hostedDomain, customerId }: Company): boolean => {
  if (!pinned.pinnedHostedDomain) return true;
  if (pinned.pinnedCustomerId && customerId) return pinned.pinnedCustomerId === customerId;
  return pinned.pinnedHostedDomain === hostedDomain;
};

export const createGrantStore =
  ({ orm, clock, secrets }: Pick<AuthorizationDependencies, 'orm' | 'clock' | 'secrets'>) =>
  /**
   * Makes the next generation of an integration's grant and ends the one before, in one transaction with the end of
   * the request.
   *
   * @returns the generation; undefined when the request has ended meanwhile, and nothing was stored
   * @throws AppError GOOGLE_OTHER_COMPANY when the integration is pinned to another company
   */
  (request: AuthorizationRequest, given: NewGrant): Promise<number | undefined> =>
    orm.em.fork().transactional(async (em) => {
      const { tenantId, id: requestId } = request;
      const { integration } = requireConfigured(await lockIntegration(em, tenantId));
      const company = { hostedDomain: given.identity.hostedDomain, customerId: given.customerId };
      if (!isSameCompany(integration, company)) throw advisedError('GOOGLE_OTHER_COMPANY');

      const now = clock();
      const generation = integration.generation + 1;
      const settled = { ...settlement('authorized', now), generation };
      if (!(await step(em, { tenantId, requestId }, 'exchanged', settled))) return undefined;

      await endLiveGrant(em, integration, 'SUPERSEDED', now);
      await em.nativeUpdate(
        IntegrationEntity,
        { tenantId, id: integration.id, generation: integration.generation },
        {
          generation,
          pinnedHostedDomain: integration.pinnedHostedDomain ?? company.hostedDomain,
          pinnedCustomerId: integration.pinnedCustomerId ?? company.customerId ?? null,
          disconnectedAt: null,
        },
      );
      const key = { tenantId, id: crypto.randomUUID() };
      await em.insert(GrantEntity, {
        ...key,
        integrationId: integration.id,
        requestId,
        generation,
        googleId: given.identity.googleId,
        email: given.identity.email,
        hostedDomain: company.hostedDomain,
        customerId: company.customerId ?? null,
        scopes: [...given.scopes],
        sealedRefreshToken: sealToken(secrets, key, 'sealedRefreshToken', given.refreshToken),
        refreshTokenExpiresAt: given.refreshTokenExpiresAt,
        sealedAccessToken: sealToken(secrets, key, 'sealedAccessToken', given.accessToken),
        accessTokenHash: hashOf(given.accessToken),
        accessTokenExpiresAt: given.accessTokenExpiresAt,
        consentedAt: now,
        refreshedAt: now,
        usedAt: now,
        failures: 0,
      });
      return generation;
    });
