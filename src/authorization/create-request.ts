import type { AuthorizationStarted, AuthorizeIntegrationInput, BeginAuthorization } from '../contracts/index.ts';
import { type AuthorizationRequest, AuthorizationRequestEntity } from '../db/entities/index.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies, AuthorizationDurations } from './dependencies.ts';
import { scopesToAsk } from './features.ts';
import { lockIntegration, requireConfigured } from './integrations.ts';
import { hashOf, newState, randomValue } from './one-time-values.ts';
import { isOpen, sealFor, settlement, settleOpen } from './requests.ts';

export type CreateRequest = AuthorizeIntegrationInput & BeginAuthorization;

export interface RequestCreated extends AuthorizationStarted {
  readonly expiresInMs: number;
}

/** Where the administrator's browser goes first: ours, so that the answer can be tied to that browser. */
const startUrl = (redirectUri: string, requestId: string): string =>
  new URL(`/google/start/${requestId}`, redirectUri).href;

/**
 * Makes state, PKCE verifier and nonce for one walk to Google, and ends the walk that was open before. Doing it again
 * for the same id changes nothing.
 */
export const createRequestCreator = ({
  orm,
  clock,
  secrets,
  durations,
  wantedFeatures,
}: Pick<AuthorizationDependencies, 'orm' | 'clock' | 'secrets' | 'wantedFeatures'> & {
  readonly durations: AuthorizationDurations;
}) => {
  const describe = ({ id, redirectUri, expiresAt }: AuthorizationRequest): RequestCreated => ({
    requestId: id,
    authorizationUrl: startUrl(redirectUri, id),
    expiresAt: expiresAt.toISOString(),
    expiresInMs: Math.max(expiresAt.getTime() - clock().getTime(), 0),
  });

  /** @throws AppError INTEGRATION_NOT_CONFIGURED; AUTHORIZATION_SUPERSEDED when this id's request has ended */
  return async ({ tenantId, requestId, redirectUri, requestedBy }: CreateRequest): Promise<RequestCreated> => {
    const wanted = await wantedFeatures(tenantId);
    return orm.em.fork().transactional(async (em) => {
      const { integration } = requireConfigured(await lockIntegration(em, tenantId));
      const existing = await em.findOne(AuthorizationRequestEntity, { tenantId, id: requestId });
      if (existing && !isOpen(existing.state)) throw advisedError('AUTHORIZATION_SUPERSEDED');
      if (existing) return describe(existing);

      const now = clock();
      await settleOpen(em, integration, settlement('superseded', now));
      const state = newState('consent');
      const row = { tenantId, id: requestId };
      const request = em.create(AuthorizationRequestEntity, {
        ...row,
        integrationId: integration.id,
        state: 'pending',
        requestedBy,
        redirectUri,
        scopes: scopesToAsk(tenantId, wanted),
        stateHash: hashOf(state),
        sealedState: sealFor(secrets, row, 'sealedState', state),
        sealedCodeVerifier: sealFor(secrets, row, 'sealedCodeVerifier', randomValue()),
        sealedNonce: sealFor(secrets, row, 'sealedNonce', randomValue()),
        createdAt: now,
        expiresAt: new Date(now.getTime() + durations.consentMs),
      });
      await em.flush();
      return describe(request);
    });
  };
};
