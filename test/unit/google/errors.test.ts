import { describe, expect, it } from '@jest/globals';
import { AppError, kindOf } from '../../../src/errors.ts';
import { codeFor, GOOGLE_ERROR_CATALOGUE, type GoogleDoor, googleAdvice } from '../../../src/google/error-catalogue.ts';
import { googleError, isAnswerLost, neverReachedGoogle, toAppError } from '../../../src/google/errors.ts';

const NOW = new Date('2026-11-22T10:00:00Z');

const answered = (status: number, data: unknown, headers: Record<string, string> = {}): unknown =>
  Object.assign(new Error('text that nobody may rely on'), {
    code: status,
    config: {},
    response: { status, headers: new Headers(headers), data },
  });

const unanswered = (code: string): unknown => Object.assign(new Error('text'), { code, config: {} });

const bodyFor = (door: GoogleDoor, word: string): unknown => {
  if (door !== 'api') {
    const [error, subtype] = word.split('/');
    return { error, error_description: 'Some words.', ...(subtype && { error_subtype: subtype }) };
  }
  return { error: { code: 400, message: 'Some words.', errors: [{ reason: word, message: 'Some words.' }] } };
};

const everyAnswer = GOOGLE_ERROR_CATALOGUE.flatMap(({ code, answers }) =>
  Object.entries(answers).flatMap(([door, words]) =>
    (words as readonly string[]).map((word) => ({ door: door as GoogleDoor, word, code })),
  ),
);

describe('the catalogue of Google’s errors', () => {
  it.each(everyAnswer)('reads $word at the door "$door" as $code', ({ door, word, code }) => {
    const error = toAppError(answered(400, bodyFor(door, word)), { door });
    expect(error.code).toBe(code);
    expect(error.publicMessage).toContain(googleAdvice(code)?.action);
  });

  it('gives each of our codes one row, and each word at a door one meaning', () => {
    const codes = GOOGLE_ERROR_CATALOGUE.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const answers = everyAnswer.map(({ door, word }) => `${door}:${word}`);
    expect(new Set(answers).size).toBe(answers.length);
  });

  it('links only to pages of Google', () => {
    const links = GOOGLE_ERROR_CATALOGUE.flatMap((row) => ('link' in row ? [new URL(row.link)] : []));
    expect(links.length).toBeGreaterThan(5);
    for (const { protocol, hostname } of links) {
      expect(protocol).toBe('https:');
      expect(hostname).toMatch(/\.google\.com$/);
    }
  });

  it('ends a grant on these answers to a refresh and on no other', () => {
    const ending = everyAnswer.filter(({ door, code }) => door === 'refresh' && kindOf(code) === 'unauthorized');
    expect(ending.map(({ word }) => word).sort()).toEqual([
      'admin_policy_enforced',
      'deleted_client',
      'disabled_client',
      'invalid_client',
      'invalid_grant',
      'invalid_grant/invalid_rapt',
      'invalid_grant/rapt_required',
      'unauthorized_client',
    ]);
  });

  it('has no word for an answer that is unknown', () => {
    expect(codeFor('refresh', 'something_new')).toBeUndefined();
  });
});

describe('an answer that is not in the catalogue', () => {
  it.each([
    [400, 'GOOGLE_REQUEST_REJECTED'],
    [401, 'GOOGLE_TOKEN_REJECTED'],
    [403, 'GOOGLE_FORBIDDEN'],
    [404, 'GOOGLE_NOT_FOUND'],
    [408, 'GOOGLE_UNAVAILABLE'],
    [429, 'GOOGLE_RATE_LIMITED'],
    [500, 'GOOGLE_UNAVAILABLE'],
    [503, 'GOOGLE_UNAVAILABLE'],
  ] as const)('is read by its status at an API: %i is %s', (status, code) => {
    expect(toAppError(answered(status, { error: { errors: [{ reason: 'somethingNew' }] } })).code).toBe(code);
    expect(toAppError(answered(status, '<html>a proxy</html>')).code).toBe(code);
  });

  it.each([400, 401, 403, 404])('never ends a grant at the token endpoint, whatever its status (%i)', (status) => {
    const error = toAppError(answered(status, { error: 'something_new' }), { door: 'refresh' });
    expect(error.kind).not.toBe('unauthorized');
  });

  it.each([
    [429, 'throttled'],
    [502, 'transient'],
  ] as const)('is tried again when the token endpoint answers %i', (status, kind) => {
    expect(toAppError(answered(status, 'busy'), { door: 'refresh' }).kind).toBe(kind);
  });
});

describe('classification', () => {
  it('takes a refused token for that, whatever reason stands beside it', () => {
    const body = { error: { errors: [{ reason: 'required' }], status: 'INVALID_ARGUMENT' } };
    expect(toAppError(answered(401, body)).code).toBe('GOOGLE_TOKEN_REJECTED');
  });

  it('prefers the detailed reason to the general status', () => {
    const body = {
      error: { status: 'PERMISSION_DENIED', details: [{ '@type': 'x' }, { reason: 'SERVICE_DISABLED' }] },
    };
    expect(toAppError(answered(403, body)).code).toBe('GOOGLE_API_DISABLED');
  });

  it('reads a body that came as text', () => {
    expect(toAppError(answered(403, JSON.stringify(bodyFor('api', 'quotaExceeded')))).code).toBe('GOOGLE_ACCOUNT_BUSY');
  });

  it('tells the account that is busy (429) from the project that asks too much (403), which share a word', () => {
    expect(toAppError(answered(429, bodyFor('api', 'rateLimitExceeded'))).code).toBe('GOOGLE_ACCOUNT_BUSY');
    expect(toAppError(answered(403, bodyFor('api', 'rateLimitExceeded'))).code).toBe('GOOGLE_RATE_LIMITED');
    expect(toAppError(answered(403, bodyFor('api', 'userRateLimitExceeded'))).code).toBe('GOOGLE_RATE_LIMITED');
  });

  it('blames the page token, or the domain, when the request carried one', () => {
    expect(toAppError(answered(400, bodyFor('api', 'invalid')), { pageToken: true }).code).toBe(
      'GOOGLE_PAGE_TOKEN_REJECTED',
    );
    expect(toAppError(answered(404, bodyFor('api', 'notFound')), { domain: true }).code).toBe(
      'GOOGLE_DOMAIN_NOT_FOUND',
    );
  });

  it('leaves our own errors as they are', () => {
    const own = new AppError('GOOGLE_ANSWER_INVALID', 'words');
    expect(toAppError(own)).toBe(own);
  });

  it('does not take a mistake of ours for an outage of Google', () => {
    expect(toAppError(Object.assign(new TypeError('x is undefined'), { code: 'ERR_INVALID_ARG_TYPE' })).code).toBe(
      'INTERNAL',
    );
  });

  it('keeps nothing of the request, which holds secrets', () => {
    const source = answered(400, { error: 'invalid_grant', error_description: 'secret-token' }) as {
      config: Record<string, unknown>;
    };
    source.config.data = 'client_secret=very-secret';
    const error = toAppError(source, { door: 'refresh' });
    const whole = JSON.stringify([error, (error.cause as Error).message, error.message]);
    expect(whole).not.toContain('secret');
  });
});

describe('waiting as told', () => {
  const limit = (message: string, headers: Record<string, string> = {}) =>
    toAppError(answered(429, { error: { message, errors: [{ reason: 'rateLimitExceeded' }] } }, headers), { now: NOW });

  it('reads seconds from the header', () => {
    expect(limit('', { 'retry-after': '30' }).retryAfterMs).toBe(30_000);
  });

  it('reads a date from the header', () => {
    expect(limit('', { 'retry-after': 'Sun, 22 Nov 2026 10:01:00 GMT' }).retryAfterMs).toBe(60_000);
  });

  it('reads the time that Gmail writes into the text', () => {
    const { retryAfterMs } = limit('User-rate limit exceeded.  Retry after 2026-11-22T10:00:12.500Z');
    expect(retryAfterMs).toBe(12_500);
  });

  it('does not wait for a time that has passed, nor for longer than a day', () => {
    expect(limit('Retry after 2026-11-22T09:00:00Z').retryAfterMs).toBe(0);
    expect(limit('Retry after 2027-11-22T09:00:00Z').retryAfterMs).toBe(24 * 60 * 60_000);
  });

  it('has no time when Google gives none', () => {
    expect(limit('Slow down, please.').retryAfterMs).toBeUndefined();
  });
});

describe('a request without an answer', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])('certainly had no effect when the code is %s', (code) => {
    expect(neverReachedGoogle(unanswered(code))).toBe(true);
    expect(isAnswerLost(unanswered(code))).toBe(false);
    expect(toAppError(unanswered(code)).kind).toBe('transient');
  });

  it.each(['ECONNRESET', 'TimeoutError', 'AbortError', 'EPIPE'])(
    'may have had its effect when the code is %s',
    (code) => {
      expect(isAnswerLost(unanswered(code))).toBe(true);
      expect(toAppError(unanswered(code)).code).toBe('GOOGLE_UNAVAILABLE');
    },
  );

  it('is not lost when Google did answer, or when we never asked', () => {
    expect(isAnswerLost(answered(503, ''))).toBe(false);
    expect(isAnswerLost(googleError('GOOGLE_UNAVAILABLE'))).toBe(false);
    expect(isAnswerLost(new TypeError('ours'))).toBe(false);
  });
});
