import { AppError, type ErrorCode } from '../errors.ts';
import { codeFor, type GoogleDoor, googleAdvice } from './error-catalogue.ts';
import { readRetryAfterMs } from './retry-after.ts';

export interface GoogleErrorContext {
  /** Where the request went; an API by default. */
  readonly door?: GoogleDoor;
  /** The request continued a listing: what Google refuses about it is its page token. */
  readonly pageToken?: boolean;
  /** The request named a domain: what Google does not find is that domain. */
  readonly domain?: boolean;
  /** The request named a group: what Google does not find, or does not show, is that group. */
  readonly group?: boolean;
  /** The request opened a channel: what Google refuses about it is the address it would send to. */
  readonly channel?: boolean;
  readonly now?: Date;
}

interface GoogleAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const asObject = (value: unknown): Fields => (isObject(value) ? value : {});
const asList = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const parseBody = (data: unknown): unknown => {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
};

/** Google's client brings a Headers class of its own, so what counts is that it can be asked. */
const canGet = (headers: Fields): headers is Fields & Pick<Headers, 'get'> => typeof headers.get === 'function';

const readHeader = (given: unknown, name: string): string | undefined => {
  const headers = asObject(given);
  return textOf(canGet(headers) ? headers.get(name) : headers[name]) || undefined;
};

const readAnswer = (error: unknown): GoogleAnswer | undefined => {
  const response = asObject(asObject(error).response);
  if (typeof response.status !== 'number') return undefined;
  return {
    status: response.status,
    retryAfter: readHeader(response.headers, 'retry-after'),
    body: parseBody(response.data),
  };
};

/** Google's words for what went wrong, the most telling one first. */
const wordsOf = (body: unknown): string[] => {
  const { error, error_subtype: subtype } = asObject(body);
  if (typeof error === 'string') return [...(typeof subtype === 'string' ? [`${error}/${subtype}`] : []), error];
  const { details, errors, status } = asObject(error);
  return [...asList(details), ...asList(errors)]
    .map(({ reason }) => textOf(reason))
    .concat(textOf(status))
    .filter((word) => word !== '');
};

const messageOf = (body: unknown): string => textOf(asObject(asObject(body).error).message);

const codeByStatus = (status: number): ErrorCode => {
  if (status === 401) return 'GOOGLE_TOKEN_REJECTED';
  if (status === 403) return 'GOOGLE_FORBIDDEN';
  if (status === 404) return 'GOOGLE_NOT_FOUND';
  if (status === 429) return 'GOOGLE_RATE_LIMITED';
  if (status === 408 || status >= 500) return 'GOOGLE_UNAVAILABLE';
  return 'GOOGLE_REQUEST_REJECTED';
};

const inContext = (code: ErrorCode, { pageToken, domain, group, channel }: GoogleErrorContext): ErrorCode => {
  if (pageToken && code === 'GOOGLE_REQUEST_REJECTED') return 'GOOGLE_PAGE_TOKEN_REJECTED';
  if (channel && code === 'GOOGLE_REQUEST_REJECTED') return 'GOOGLE_PUSH_REFUSED';
  if (domain && code === 'GOOGLE_NOT_FOUND') return 'GOOGLE_DOMAIN_NOT_FOUND';
  if (group && code === 'GOOGLE_NOT_FOUND') return 'GOOGLE_GROUP_NOT_FOUND';
  if (group && code === 'GOOGLE_FORBIDDEN') return 'GOOGLE_GROUP_FORBIDDEN';
  return code;
};

const classify = ({ status, body }: GoogleAnswer, context: GoogleErrorContext): ErrorCode => {
  const door = context.door ?? 'api';
  // A refusal of the token outranks the reason beside it: Google says "required" there, which means other things elsewhere.
  if (door === 'api' && status === 401) return 'GOOGLE_TOKEN_REJECTED';
  const words = wordsOf(body);
  // The same word beside 403 means the project's rate (Directory API, "Limits and quotas").
  if (status === 429 && words.includes('rateLimitExceeded')) return 'GOOGLE_ACCOUNT_BUSY';
  const known = words.map((word) => codeFor(door, word)).find((code) => code !== undefined);
  if (known) return inContext(known, context);
  const byStatus = codeByStatus(status);
  const isOfApi = door === 'api' || byStatus === 'GOOGLE_RATE_LIMITED' || byStatus === 'GOOGLE_UNAVAILABLE';
  return inContext(isOfApi ? byStatus : 'GOOGLE_REQUEST_REJECTED', context);
};

/** What the log may hold of an answer. The library's own error carries the request, and with it secrets and tokens. */
const describe = ({ status, body }: GoogleAnswer): Error => new Error(`Google: ${status} ${wordsOf(body).join(' ')}`);

/** The code of a request that got no answer. Only the library's own errors carry their request as `config`. */
const transportCodeOf = (error: unknown): string => {
  const { config, code, name } = asObject(error);
  return isObject(config) ? textOf(code) || textOf(name) : '';
};

/**
 * True when the request certainly did not reach Google, so that even what must be done once may be done again.
 * @see https://nodejs.org/api/errors.html#common-system-errors
 */
export const neverReachedGoogle = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'].includes(transportCodeOf(error));

/** True when the request went out and no whole answer came back: it may have had its effect or not. */
export const isAnswerLost = (error: unknown): boolean =>
  !(error instanceof AppError) &&
  readAnswer(error) === undefined &&
  transportCodeOf(error) !== '' &&
  !neverReachedGoogle(error);

/** An error with the catalogue's sentence and action for it. */
export const googleError = (
  code: ErrorCode,
  options: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
): AppError => {
  const advice = googleAdvice(code);
  return new AppError(code, advice ? `${advice.sentence} ${advice.action}` : 'Google refused the request.', options);
};

/**
 * What Google's clients threw, as one of ours: classified by the body of the answer and never by its text, with the
 * pause that Google asks for. No answer at all (network, timeout) is transient.
 */
export const toAppError = (error: unknown, context: GoogleErrorContext = {}): AppError => {
  if (error instanceof AppError) return error;
  const answer = readAnswer(error);
  if (answer) {
    const retryAfterMs = readRetryAfterMs(answer.retryAfter, messageOf(answer.body), context.now ?? new Date());
    return googleError(classify(answer, context), { retryAfterMs, cause: describe(answer) });
  }
  const transport = transportCodeOf(error);
  if (transport) return googleError('GOOGLE_UNAVAILABLE', { cause: new Error(`Google: no answer (${transport})`) });
  return new AppError('INTERNAL', 'An unexpected error. Try again; the log has the details.', { cause: error });
};
