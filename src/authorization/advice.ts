import { AppError, type ErrorCode, isErrorCode } from '../errors.ts';
import { type GoogleAdvice, googleAdvice } from '../google/error-catalogue.ts';

/** What ends or hinders an authorization without Google having said a word. */
const OWN: Partial<Record<ErrorCode, GoogleAdvice>> = {
  GRANT_CLIENT_CHANGED: {
    sentence: 'The client id was changed, and an authorization holds for one client only.',
    action: 'Complete the authorization for the new client.',
  },
  INTEGRATION_NOT_CONFIGURED: {
    sentence: 'Google Workspace is not set up here.',
    action: 'Save the client id and the client secret of your Google app first.',
  },
  INTEGRATION_NOT_ACTIVE: {
    sentence: 'Google Workspace is not connected.',
    action: 'Complete the authorization.',
  },
  AUTHORIZATION_UNKNOWN: {
    sentence: 'This answer belongs to no consent that was begun here.',
    action: 'Begin again with “Complete the authorization”.',
  },
  AUTHORIZATION_ALREADY_USED: {
    sentence: 'This link was used already, and it serves once.',
    action: 'Look at the state of the integration; begin again if it is not connected.',
  },
  AUTHORIZATION_OTHER_BROWSER: {
    sentence: 'This consent was begun in another browser, or cookies are turned off.',
    action: 'Begin again, and stay in one browser until the end.',
  },
  AUTHORIZATION_EXPIRED: {
    sentence: 'The consent was not given in time.',
    action: 'Begin again with “Complete the authorization”.',
  },
  AUTHORIZATION_SUPERSEDED: {
    sentence: 'A newer consent was begun meanwhile, and only the newest counts.',
    action: 'Go on in the newer one, or begin again.',
  },
};

const UNKNOWN: GoogleAdvice = {
  sentence: 'The authorization did not come about.',
  action: 'Complete the authorization again.',
};

/** What an administrator is told about a code that an integration, a grant or a consent ended with. */
export const adviceFor = (code: string): GoogleAdvice =>
  (isErrorCode(code) ? (OWN[code] ?? googleAdvice(code)) : undefined) ?? UNKNOWN;

/** An error with the advice for its code as its message. */
export const advisedError = (code: ErrorCode, options: { readonly retryAfterMs?: number } = {}): AppError => {
  const { sentence, action } = adviceFor(code);
  return new AppError(code, `${sentence} ${action}`, options);
};
