import { isSystem } from '../contracts/ids.ts';
import { type AuthorizationRequest, AuthorizationRequestEntity, type Grant } from '../db/entities/index.ts';
import { type Actor, authorize } from '../tenants/index.ts';
import { adviceFor } from './advice.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { FEATURE_NAMES, type FeatureHealth, featureHealth } from './features.ts';
import { type IntegrationState, integrationState, isConsentUnderWay } from './integration-state.ts';
import { findIntegration, findNewestGrant } from './integrations.ts';
import { type RedirectUriProblem, redirectUriProblems, redirectUris } from './redirect-uris.ts';
import { outcomeOf } from './requests.ts';

/** What hinders an integration, for an administrator. */
export interface IntegrationProblem {
  readonly code: string;
  readonly since: Date;
  readonly message: string;
  readonly action: string;
  readonly link: string | null;
}

export interface ConsentView {
  readonly requestId: string;
  readonly state: 'waiting' | 'authorized' | 'refused' | 'failed' | 'expired' | 'superseded';
  readonly expiresAt: Date;
  /** Why it did not come about, and what to do; null while it waits and when it did. */
  readonly problem: Omit<IntegrationProblem, 'since'> | null;
}

export interface IntegrationView {
  readonly level: 'system' | 'tenant';
  readonly state: IntegrationState;
  /** For If-Match; 0 before anything was saved. */
  readonly version: number;
  readonly redirectUris: readonly string[];
  readonly redirectUriProblems: readonly RedirectUriProblem[];
  readonly clientId: string | null;
  readonly hasClientSecret: boolean;
  readonly authorizedBy: { readonly googleId: string; readonly email: string; readonly at: Date } | null;
  /** The company that may consent here until a reset. */
  readonly customer: { readonly id: string | null; readonly domain: string } | null;
  readonly grantedScopes: readonly string[];
  readonly features: readonly FeatureHealth[];
  /** One sentence on how things stand; never a plain success when a feature lacks something. */
  readonly summary: string;
  readonly accessTokenExpiresAt: Date | null;
  /** Set when the authorization itself will end, such as that of an app in testing. */
  readonly authorizationExpiresAt: Date | null;
  readonly lastRefreshedAt: Date | null;
  readonly problem: IntegrationProblem | null;
  readonly consent: ConsentView | null;
}

/** Renewals that fail this often in a row are worth telling while the grant still stands. */
const FAILURES_WORTH_TELLING = 3;

const problemFor = (code: string) => {
  const { sentence, action, link } = adviceFor(code);
  return { code, message: sentence, action, link: link ?? null };
};

const problemOf = (state: IntegrationState, grant: Grant | null): IntegrationProblem | null => {
  if (!grant) return null;
  if (grant.endCode && grant.endedAt && (state === 'reauthorize' || state === 'waiting-for-consent')) {
    return { ...problemFor(grant.endCode), since: grant.endedAt };
  }
  if (state === 'active' && grant.failingSince && grant.failures >= FAILURES_WORTH_TELLING) {
    return { ...problemFor(grant.failureCode ?? 'GOOGLE_UNAVAILABLE'), since: grant.failingSince };
  }
  return null;
};

const SUMMARIES: Readonly<Record<Exclude<IntegrationState, 'active'>, string>> = {
  'not-configured': 'Not configured: save the client id and secret of your Google app.',
  configured: 'Configured, not connected: complete the authorization.',
  'waiting-for-consent': 'Waiting for the consent at Google.',
  reauthorize: 'Re-authorize needed: nothing works with Google until then.',
  disconnected: 'Disconnected. Extension users are kept.',
};

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const summaryOf = (state: IntegrationState, features: readonly FeatureHealth[]): string => {
  if (state !== 'active') return SUMMARIES[state];
  const lacking = features
    .filter((feature) => feature.state === 'lacking')
    .map(({ feature }) => FEATURE_NAMES[feature]);
  if (lacking.length === 0) return 'Connected.';
  return `Connected, but ${list(lacking)} ${lacking.length === 1 ? 'lacks' : 'lack'} access that was not granted.`;
};

const consentView = (request: AuthorizationRequest, now: Date): ConsentView => {
  const common = { requestId: request.id, expiresAt: request.expiresAt };
  if (isConsentUnderWay(request, now)) return { ...common, state: 'waiting', problem: null };
  const outcome = outcomeOf(request) ?? { state: 'expired' as const, code: 'AUTHORIZATION_EXPIRED' };
  return {
    ...common,
    state: outcome.state,
    problem: outcome.state === 'authorized' ? null : problemFor(outcome.code),
  };
};

export const createIntegrationViewer = ({
  orm,
  clock,
  origins,
  wantedFeatures,
}: Pick<AuthorizationDependencies, 'orm' | 'clock' | 'origins' | 'wantedFeatures'>) => {
  const load = async (tenantId: string) => {
    const em = orm.em.fork();
    const integration = await findIntegration(em, tenantId);
    const grant = integration && (await findNewestGrant(em, integration));
    const request = integration
      ? await em.findOne(
          AuthorizationRequestEntity,
          { tenantId, integrationId: integration.id },
          { orderBy: { createdAt: 'desc' } },
        )
      : null;
    return { integration, grant, request, now: clock() };
  };

  return {
    /** How the integration of a level stands. Holds no secret. */
    async view(actor: Actor, tenantId: string): Promise<IntegrationView> {
      authorize(actor, tenantId, 'read');
      const facts = await load(tenantId);
      const { integration, grant, request, now } = facts;
      const state = integrationState(facts);
      const isLive = grant !== null && !grant.endedAt;
      const grantedScopes = isLive ? grant.scopes : [];
      const features = featureHealth(tenantId, await wantedFeatures(tenantId), grantedScopes);
      return {
        level: isSystem(tenantId) ? 'system' : 'tenant',
        state,
        version: integration?.version ?? 0,
        redirectUris: redirectUris(origins),
        redirectUriProblems: redirectUriProblems(origins),
        clientId: integration?.clientId ?? null,
        hasClientSecret: Boolean(integration?.clientSecret),
        authorizedBy: grant && { googleId: grant.googleId, email: grant.email, at: grant.consentedAt },
        customer: integration?.pinnedHostedDomain
          ? { id: integration.pinnedCustomerId ?? null, domain: integration.pinnedHostedDomain }
          : null,
        grantedScopes,
        features,
        summary: summaryOf(state, features),
        accessTokenExpiresAt: (isLive && grant.accessTokenExpiresAt) || null,
        authorizationExpiresAt: (isLive && grant.refreshTokenExpiresAt) || null,
        lastRefreshedAt: grant?.refreshedAt ?? null,
        problem: problemOf(state, grant),
        consent: request && consentView(request, now),
      };
    },

    /** The newest walk through Google's consent; null when there was none. */
    async consent(actor: Actor, tenantId: string): Promise<ConsentView | null> {
      authorize(actor, tenantId, 'read');
      const { request, now } = await load(tenantId);
      return request && consentView(request, now);
    },
  };
};
