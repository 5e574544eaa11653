import { timingSafeEqual } from 'node:crypto';
import { AuthorizationRequestEntity } from '../db/entities/index.ts';
import { notFound } from '../errors.ts';
import { type Actor, authorize } from '../tenants/index.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { findIntegration, requireConfigured } from './integrations.ts';
import { codeChallengeOf, hashOf, randomValue } from './one-time-values.ts';
import { isOpen, openFrom } from './requests.ts';

export interface ConsentStarted {
  readonly tenantId: string;
  readonly googleUrl: string;
  /** For a cookie of this browser; the answer must come with it. */
  readonly browserToken: string;
  readonly expiresAt: Date;
}

/** Whether a browser's cookie is the one that was set at the start. */
export const isSameBrowser = (browserHash: string | null | undefined, browserToken: string | undefined): boolean => {
  if (!browserHash || !browserToken) return false;
  return timingSafeEqual(Buffer.from(browserHash, 'hex'), Buffer.from(hashOf(browserToken), 'hex'));
};

export const createConsentStarter =
  ({ orm, clock, secrets, oauth }: Pick<AuthorizationDependencies, 'orm' | 'clock' | 'secrets' | 'oauth'>) =>
  /**
   * The one-time step from our page to Google's, for an administrator of that level.
   *
   * @throws AppError NOT_FOUND for another level's request; AUTHORIZATION_ALREADY_USED, AUTHORIZATION_EXPIRED,
   * AUTHORIZATION_SUPERSEDED
   */
  async (actor: Actor, requestId: string): Promise<ConsentStarted> => {
    const em = orm.em.fork();
    const request = await em.findOne(AuthorizationRequestEntity, { id: requestId });
    if (!request) throw notFound('authorization');
    const { tenantId } = request;
    authorize(actor, tenantId, 'admin');
    if (request.startedAt) throw advisedError('AUTHORIZATION_ALREADY_USED');
    if (request.state === 'expired' || request.expiresAt <= clock()) throw advisedError('AUTHORIZATION_EXPIRED');
    if (!isOpen(request.state)) throw advisedError('AUTHORIZATION_SUPERSEDED');

    const { clientId } = requireConfigured(await findIntegration(em, tenantId));
    const googleUrl = oauth.authorizationUrl({
      clientId,
      redirectUri: request.redirectUri,
      state: openFrom(secrets, request, 'sealedState'),
      codeChallenge: codeChallengeOf(openFrom(secrets, request, 'sealedCodeVerifier')),
      nonce: openFrom(secrets, request, 'sealedNonce'),
      scopes: request.scopes,
    });
    const browserToken = randomValue();
    const started = await em.nativeUpdate(
      AuthorizationRequestEntity,
      { tenantId, id: requestId, state: 'pending', startedAt: null },
      { startedAt: clock(), browserHash: hashOf(browserToken), sealedState: null },
    );
    if (started !== 1) throw advisedError('AUTHORIZATION_ALREADY_USED');
    return { tenantId, googleUrl, browserToken, expiresAt: request.expiresAt };
  };
