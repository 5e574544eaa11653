import { type AuthorizationRequest, AuthorizationRequestEntity } from '../db/entities/index.ts';
import { invalidField } from '../errors.ts';
import { codeFor } from '../google/error-catalogue.ts';
import { advisedError } from './advice.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { hashOf } from './one-time-values.ts';
import { isOpen, type RequestKey, sealFor, settle, settlement, step } from './requests.ts';
import { isSameBrowser } from './start-consent.ts';

/** What Google sent back with the browser. */
export interface GoogleAnswer {
  readonly state: string;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly iss?: string | undefined;
  /** The cookie that the start page set for a request, if this browser has it. */
  readonly browserTokenFor: (requestId: string) => string | undefined;
}

export interface AnswerReceived extends RequestKey {
  readonly integrationId: string;
}

/** Why a request takes no answer any more. */
const refuseEnded = ({ state }: AuthorizationRequest): never => {
  switch (state) {
    case 'expired':
      throw advisedError('AUTHORIZATION_EXPIRED');
    case 'superseded':
    case 'cancelled':
      throw advisedError('AUTHORIZATION_SUPERSEDED');
    default:
      throw advisedError('AUTHORIZATION_ALREADY_USED');
  }
};

export const createAnswerReceiver = ({
  orm,
  clock,
  secrets,
  oauth,
}: Pick<AuthorizationDependencies, 'orm' | 'clock' | 'secrets' | 'oauth'>) => {
  const keepRefusal = (em: ReturnType<typeof orm.em.fork>, key: RequestKey, error: string): Promise<boolean> => {
    const code = codeFor('authorize', error) ?? 'GOOGLE_REQUEST_REJECTED';
    const state = code === 'AUTHORIZATION_DENIED' ? 'refused' : 'failed';
    return settle(em, key, settlement(state, clock(), code));
  };

  /**
   * Takes Google's answer for a consent: once, in time, from the browser that started it. The code stays sealed on the
   * request until it is exchanged.
   *
   * @throws AppError AUTHORIZATION_UNKNOWN, AUTHORIZATION_OTHER_BROWSER, AUTHORIZATION_ALREADY_USED,
   * AUTHORIZATION_EXPIRED, AUTHORIZATION_SUPERSEDED; nothing has changed then
   */
  return async ({ state, code, error, iss, browserTokenFor }: GoogleAnswer): Promise<AnswerReceived> => {
    const em = orm.em.fork();
    const request = await em.findOne(AuthorizationRequestEntity, { stateHash: hashOf(state) });
    if (!request || (iss !== undefined && !oauth.issuers.includes(iss))) throw advisedError('AUTHORIZATION_UNKNOWN');
    if (!isSameBrowser(request.browserHash, browserTokenFor(request.id))) {
      throw advisedError('AUTHORIZATION_OTHER_BROWSER');
    }
    if (!isOpen(request.state)) return refuseEnded(request);
    if (request.state !== 'pending') throw advisedError('AUTHORIZATION_ALREADY_USED');
    if (request.expiresAt <= clock()) throw advisedError('AUTHORIZATION_EXPIRED');
    if (!code === !error) throw invalidField('code', 'Google sends either a code or an error; begin again.');

    const { tenantId, id: requestId, integrationId } = request;
    const key = { tenantId, requestId };
    const taken = code
      ? await step(em, key, 'pending', { state: 'answered', sealedCode: sealFor(secrets, request, 'sealedCode', code) })
      : await keepRefusal(em, key, error ?? '');
    if (!taken) throw advisedError('AUTHORIZATION_ALREADY_USED');
    return { ...key, integrationId };
  };
};
