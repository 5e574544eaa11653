import type { admin_directory_v1 as v1 } from '@googleapis/admin';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, directoryOf, type Seeded, startSeeded } from './connected.ts';

const users = '/admin/directory/v1/users';

let google: Seeded;
let directory: v1.Admin;

beforeAll(async () => {
  google = await startSeeded();
  directory = directoryOf(google.url, await connect(google.url, google.acme));
});
afterEach(async () => {
  await google.control.clearFaults();
  await google.control.clearRequests();
});
afterAll(() => google.close());

const list = (params: v1.Params$Resource$Users$List = {}) =>
  directory.users.list({ customer: 'my_customer', maxResults: 20, ...params });

describe('a fault', () => {
  test('lets the first calls pass, strikes as often as told, then is over', async () => {
    const reason = 'userRateLimitExceeded';
    await google.control.addFault({
      pathPrefix: users,
      kind: 'error',
      status: 403,
      reason,
      message: 'Quota exceeded',
      after: 1,
      count: 2,
    });
    const outcomes: unknown[] = [];
    for (let call = 0; call < 4; call += 1) {
      outcomes.push(
        await list().then(
          ({ status }) => status,
          (error: { response: { data: { error: { errors: { reason: string; domain: string }[] } } } }) =>
            error.response.data.error.errors[0],
        ),
      );
    }
    const limited = expect.objectContaining({ reason, domain: 'usageLimits' });
    expect(outcomes).toEqual([200, limited, limited, 200]);
  });

  test('strikes the same calls again with the same seed', async () => {
    const strikes = async () => {
      await google.control.clearFaults();
      await google.control.addFault({
        pathPrefix: '/tokeninfo',
        kind: 'error',
        status: 503,
        probability: 0.5,
        seed: 7,
      });
      const statuses: number[] = [];
      for (let call = 0; call < 20; call += 1) statuses.push((await fetch(`${google.url}/tokeninfo`)).status);
      return statuses;
    };
    const first = await strikes();
    expect(new Set(first)).toEqual(new Set([400, 503]));
    expect(await strikes()).toEqual(first);
  });

  test('puts the time to come back into the message, as Gmail does', async () => {
    await google.control.addFault({
      pathPrefix: users,
      kind: 'error',
      status: 429,
      reason: 'rateLimitExceeded',
      message: 'User-rate limit exceeded.  Retry after {retryAfter}',
      retryAfterMs: 60_000,
    });
    const message = await list().catch((error: Error) => error.message);
    const time = Date.parse(/Retry after (\S+Z)$/.exec(String(message))?.[1] ?? '');
    expect(Math.abs(time - Date.now() - 60_000)).toBeLessThan(10_000);
  });

  test('speaks the language of the token endpoint there', async () => {
    await google.control.addFault({
      pathPrefix: '/token',
      kind: 'error',
      status: 400,
      reason: 'invalid_grant',
      message: 'Bad Request',
      errorSubtype: 'invalid_rapt',
      count: 1,
    });
    const response = await fetch(`${google.url}/token`, { method: 'POST' });
    expect(await response.json()).toEqual({
      error: 'invalid_grant',
      error_description: 'Bad Request',
      error_subtype: 'invalid_rapt',
    });
  });

  test.each(['drop-before-answer', 'drop-mid-body', 'lose-answer'] as const)(
    '%s breaks the connection once',
    async (kind) => {
      await google.control.addFault({ pathPrefix: users, kind, count: 1 });
      await expect(list()).rejects.toThrow();
      expect((await list()).data.users).toHaveLength(20);
      expect(await google.control.requests({ pathPrefix: users })).toMatchObject([
        { status: 'dropped' },
        { status: 200 },
      ]);
    },
  );

  test('empties a listing or cuts it short, without a next page', async () => {
    await google.control.addFault({ pathPrefix: users, kind: 'empty-listing', count: 1 });
    await google.control.addFault({ pathPrefix: users, kind: 'truncated-listing', keep: 3, after: 0, count: 1 });
    const { data: empty } = await list();
    expect(Object.keys(empty).sort()).toEqual(['etag', 'kind']);
    const { data: cut } = await list();
    expect(cut.users).toHaveLength(3);
    expect(cut).not.toHaveProperty('nextPageToken');
    expect((await list()).data.nextPageToken).toBeTruthy();
  });

  test('waits before it lets the call through', async () => {
    await google.control.addFault({ pathPrefix: users, kind: 'delay', delayMs: 300, count: 1 });
    const before = performance.now();
    expect((await list()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(290);
  });

  test('refuses page tokens after some pages', async () => {
    await google.control.expirePageTokens({ afterPages: 1 });
    const second = await list({ pageToken: (await list()).data.nextPageToken ?? '' });
    const third = { pageToken: second.data.nextPageToken ?? '' };
    await expect(list(third)).rejects.toMatchObject({
      status: 400,
      response: { data: { error: { errors: [{ reason: 'invalid' }] } } },
    });
    expect((await list(third)).status).toBe(200);
    expect(await google.control.violations()).toEqual([]);
  });
});

describe('the request log', () => {
  test('counts calls, hides secrets and can be waited for', async () => {
    const waiting = google.control.waitForRequests({ pathPrefix: '/revoke', count: 2 });
    for (const token of ['secret-1', 'secret-2'])
      await fetch(`${google.url}/revoke?token=${token}`, { method: 'POST' });
    const seen = await waiting;
    expect(seen).toHaveLength(2);
    expect(JSON.stringify(seen)).not.toContain('secret');
    expect(await google.control.requestCounts()).toEqual({ 'POST /revoke': 2 });
  });

  test('gives what there is when the wait is over', async () => {
    expect(await google.control.waitForRequests({ pathPrefix: '/revoke', count: 1, timeoutMs: 50 })).toEqual([]);
  });
});

describe('the stand-in', () => {
  test('answers no other host and no page of another origin', async () => {
    const rebound = await fetch(`${google.url}/_control/reset`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(rebound.status).toBe(403);
    expect(await google.control.clients()).not.toEqual([]);
  });

  test('says what is wrong with a call of its controls', async () => {
    await expect(google.control.suspend({ person: 'nobody@acme.example' })).rejects.toThrow(
      'no person nobody@acme.example',
    );
    const uris = [
      'http://pbx.acme.example/callback',
      'https://192.0.2.1/callback',
      'https://pbx.local/callback',
      'https://pbx.acme.example/a#b',
    ];
    for (const uri of uris) {
      await expect(google.control.addClient({ ownerDomain: 'acme.example', redirectUris: [uri] })).rejects.toThrow(
        'Invalid Redirect',
      );
    }
  });
});
