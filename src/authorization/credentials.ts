import { AppError, type FieldError } from '../errors.ts';

const CLIENT_ID = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.apps\.googleusercontent\.com$/;
const CLIENT_SECRET = /^[\x21-\x7e]{8,256}$/;

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const clientIdProblem = (clientId: string): string | undefined => {
  if (clientId === '') return 'Paste the client id of your OAuth client at Google.';
  if (CLIENT_ID.test(clientId) && clientId.length <= 256) return undefined;
  if (clientId.includes('@')) {
    return 'This is an e-mail address. Paste the client id of an OAuth client of the type “Web application”; it ends in .apps.googleusercontent.com.';
  }
  return 'A client id ends in .apps.googleusercontent.com. Copy it whole from APIs & Services > Credentials.';
};

const clientSecretProblem = (clientSecret: string): string | undefined => {
  if (clientSecret === '') return 'Paste the client secret. Google shows it once; make a new one there if it is lost.';
  if (clientSecret.startsWith('{')) return 'This is a JSON file. Paste only the value of client_secret.';
  if (CLIENT_SECRET.test(clientSecret)) return undefined;
  return 'A client secret is 8 to 256 characters without blanks. Copy it whole from the OAuth client at Google.';
};

/**
 * What was pasted, without the blanks around it, if Google could have issued it.
 *
 * @throws AppError VALIDATION_FAILED naming each field and its fix
 */
export const checkCredentials = (pasted: Credentials): Credentials => {
  const clientId = pasted.clientId.trim();
  const clientSecret = pasted.clientSecret.trim();
  const problems = { clientId: clientIdProblem(clientId), clientSecret: clientSecretProblem(clientSecret) };
  const fields = Object.entries(problems).flatMap(([field, message]): FieldError[] =>
    message ? [{ field, message }] : [],
  );
  if (fields.length > 0) {
    throw new AppError('VALIDATION_FAILED', fields.map(({ message }) => message).join(' '), { fields });
  }
  return { clientId, clientSecret };
};
