import { z } from 'zod';
import type { AuthorizationOutcome } from '../contracts/index.ts';
import { type AuthorizationRequest, IntegrationEntity } from '../db/entities/index.ts';
import { AppError, type ErrorCode, isAppError } from '../errors.ts';
import type { GoogleIdentity } from '../google/id-token.ts';
import type { TokenAnswer } from '../google/oauth.ts';
import { SCOPES } from '../google/scopes.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { openClient } from './integrations.ts';
import { loadRequest, openFrom, outcomeOf, type RequestKey, sealFor, settle, settlement, step } from './requests.ts';
import { createGrantStore } from './store-grant.ts';

const tokenAnswerSchema = z.object({
  accessToken: z.string(),
  expiresInMs: z.number(),
  refreshToken: z.string().optional(),
  refreshTokenExpiresInMs: z.number().optional(),
  scopes: z.array(z.string()),
  idToken: z.string().optional(),
});

type StoredTokens = z.infer<typeof tokenAnswerSchema>;

/** An end that trying again cannot change. Every other error is thrown, and the caller tries again. */
const isFinal = (error: unknown): error is AppError =>
  isAppError(error) && error.kind !== 'transient' && error.kind !== 'throttled';

/** The person is none of this company's: what they granted by mistake is given back. */
const GIVEN_BACK: readonly ErrorCode[] = ['GOOGLE_CONSUMER_ACCOUNT', 'GOOGLE_OTHER_COMPANY'];

type CompleterDependencies = Pick<AuthorizationDependencies, 'orm' | 'clock' | 'secrets' | 'oauth' | 'readCustomerId'>;

/**
 * From an answered request to a grant, in steps that each leave their mark, so that a process killed anywhere goes on
 * behind its last mark. Only the exchange cannot: begun and not marked as done, its answer is lost, for the code may
 * have served already.
 */
export const createRequestCompleter = (dependencies: CompleterDependencies) => {
  const { orm, clock, secrets, oauth, readCustomerId } = dependencies;
  const storeGrant = createGrantStore(dependencies);
  const fork = () => orm.em.fork();

  const clientOf = async ({ tenantId }: AuthorizationRequest) =>
    openClient(secrets, await fork().findOne(IntegrationEntity, { tenantId }));

  const end = async (key: RequestKey, code: ErrorCode): Promise<AuthorizationOutcome> => {
    await settle(fork(), key, settlement('failed', clock(), code));
    return complete(key);
  };

  const endOrThrow = (key: RequestKey, error: unknown): Promise<AuthorizationOutcome> => {
    if (!isFinal(error)) throw error;
    return end(key, error.code);
  };

  const exchange = async (key: RequestKey, request: AuthorizationRequest): Promise<AuthorizationOutcome> => {
    if (!(await step(fork(), key, 'answered', { state: 'exchanging' }))) return complete(key);
    let answer: TokenAnswer;
    try {
      answer = await oauth.exchangeCode({
        client: await clientOf(request),
        code: openFrom(secrets, request, 'sealedCode'),
        codeVerifier: openFrom(secrets, request, 'sealedCodeVerifier'),
        redirectUri: request.redirectUri,
      });
    } catch (error) {
      // Google said "later", or never heard of it: the code is as good as before.
      if (!isFinal(error)) await step(fork(), key, 'exchanging', { state: 'answered' });
      return endOrThrow(key, error);
    }
    await step(fork(), key, 'exchanging', {
      state: 'exchanged',
      sealedTokens: sealFor(secrets, request, 'sealedTokens', JSON.stringify(answer)),
      tokensReceivedAt: clock(),
      sealedCode: null,
      sealedCodeVerifier: null,
    });
    return complete(key);
  };

  const identify = async (request: AuthorizationRequest, tokens: StoredTokens): Promise<GoogleIdentity> => {
    if (!tokens.idToken) throw advisedError('GOOGLE_IDENTITY_INVALID');
    const { clientId } = await clientOf(request);
    return oauth.verifyIdToken({
      idToken: tokens.idToken,
      clientId,
      nonce: openFrom(secrets, request, 'sealedNonce'),
    });
  };

  /** Nice to know and no condition: without it the hosted domain tells the company. */
  const customerIdOf = ({ googleId }: GoogleIdentity, { accessToken, scopes }: StoredTokens) =>
    scopes.includes(SCOPES.directoryUsers)
      ? readCustomerId({ accessToken, googleId }).catch(() => undefined)
      : Promise.resolve(undefined);

  const giveBack = async (tokens: StoredTokens): Promise<void> => {
    await oauth.revoke(tokens.refreshToken ?? tokens.accessToken).catch(() => undefined);
  };

  const verifyAndStore = async (key: RequestKey, request: AuthorizationRequest): Promise<AuthorizationOutcome> => {
    const tokens = tokenAnswerSchema.parse(JSON.parse(openFrom(secrets, request, 'sealedTokens')));
    const receivedAtMs = (request.tokensReceivedAt ?? clock()).getTime();
    const { refreshToken, refreshTokenExpiresInMs } = tokens;
    try {
      const identity = await identify(request, tokens);
      if (!refreshToken) throw advisedError('GOOGLE_REFRESH_TOKEN_MISSING');
      await storeGrant(request, {
        identity,
        customerId: await customerIdOf(identity, tokens),
        scopes: tokens.scopes,
        accessToken: tokens.accessToken,
        accessTokenExpiresAt: new Date(receivedAtMs + tokens.expiresInMs),
        refreshToken,
        refreshTokenExpiresAt: refreshTokenExpiresInMs ? new Date(receivedAtMs + refreshTokenExpiresInMs) : null,
      });
    } catch (error) {
      if (isAppError(error) && GIVEN_BACK.includes(error.code)) await giveBack(tokens);
      return endOrThrow(key, error);
    }
    return complete(key);
  };

  /**
   * Takes an answered request to its outcome; for one that has ended, tells the outcome again.
   *
   * @throws AppError GOOGLE_UNAVAILABLE, GOOGLE_RATE_LIMITED: call again; CONFLICT when Google has not answered yet
   */
  const complete = async (key: RequestKey): Promise<AuthorizationOutcome> => {
    const request = await loadRequest(fork(), key);
    switch (request.state) {
      case 'pending':
        throw new AppError('CONFLICT', 'The consent was not answered yet.');
      case 'answered':
        return exchange(key, request);
      case 'exchanging':
        return end(key, 'AUTHORIZATION_ANSWER_LOST');
      case 'exchanged':
        return verifyAndStore(key, request);
      default:
        return outcomeOf(request) ?? complete(key);
    }
  };

  return complete;
};
