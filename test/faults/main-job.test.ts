import { afterEach, describe, expect, test } from '@jest/globals';
import type { RunView } from '../../tools/administrator/administrator.ts';
import { type Product, type ProductOptions, startProduct } from '../support/product.ts';

const LISTING = '/admin/directory/v1/users';
const TIMEOUT_MS = 120_000;

let product: Product;
afterEach(() => product?.close());

const begin = async (options: ProductOptions = {}) => {
  product = await startProduct(options);
  return product.connectedTenant();
};

const sync = (tenantId: string) => product.administrator.startRun(tenantId);
const readRun = (tenantId: string, runId: string) => product.administrator.readRun(tenantId, runId);
const untilRun = (tenantId: string, runId: string, what: string, holds: (run: RunView) => boolean) =>
  product.administrator.untilRun(tenantId, runId, what, holds);
const untilEnded = (tenantId: string, runId: string) =>
  product.administrator.untilRun(
    tenantId,
    runId,
    'the end of the run',
    ({ finishedAt }) => finishedAt !== null,
    150_000,
  );

const expectedPeople = () => product.world.companies[0]?.active ?? 0;

/** One extension and one number each, nobody missing, nobody twice. */
const expectEverybodyOnce = async (tenantId: string) => {
  const users = await product.administrator.readUsers(tenantId);
  expect(users).toHaveLength(expectedPeople());
  expect(new Set(users.map(({ googleId }) => googleId)).size).toBe(users.length);
  expect(new Set(users.map(({ extensionNumber }) => extensionNumber)).size).toBe(users.length);
  expect(users.every(({ enabled }) => enabled)).toBe(true);
};

const people = (count: number) => ({ companies: [{ domain: 'acme.example', people: count }] });

describe('the main job', () => {
  test(
    'makes an extension for everybody, by real processes from consent to people',
    async () => {
      const tenantId = await begin({ seed: people(250) });
      const run = await untilEnded(tenantId, await sync(tenantId));
      expect(run).toMatchObject({ state: 'succeeded', usersRead: 250, failed: 0, done: expectedPeople() });
      await expectEverybodyOnce(tenantId);
      expect(await product.google.control.violations()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test(
    'ends as if nothing had happened when one of two servers and one of two workers is killed in mid run',
    async () => {
      const tenantId = await begin({ seed: people(3_000), servers: 2, workers: 2 });
      await product.google.control.addFault({ kind: 'delay', pathPrefix: LISTING, delayMs: 150, count: 4 });
      const runId = await sync(tenantId);
      await untilRun(tenantId, runId, 'the second page', ({ pagesRead }) => pagesRead >= 2);
      await Promise.all([product.servers[0]?.kill(), product.workers[0]?.kill()]);
      expect(await untilEnded(tenantId, runId)).toMatchObject({ state: 'succeeded', usersRead: 3_000 });
      await expectEverybodyOnce(tenantId);
    },
    TIMEOUT_MS,
  );
});

describe('kill -9 of the only worker', () => {
  const killWhen = async (what: string, count: number, holds: (run: RunView) => boolean) => {
    const tenantId = await begin({ seed: people(count) });
    await product.google.control.addFault({ kind: 'delay', pathPrefix: LISTING, delayMs: 100, count: 3 });
    const runId = await sync(tenantId);
    await untilRun(tenantId, runId, what, holds);
    await product.workers[0]?.kill();
    const left = await readRun(tenantId, runId);
    await product.startWorker();
    const run = await untilEnded(tenantId, runId);
    await expectEverybodyOnce(tenantId);
    return { left, run };
  };

  test('in mid reading costs nothing that was read', async () => {
    const { left, run } = await killWhen('two pages', 4_000, ({ pagesRead }) => pagesRead >= 2);
    expect(left.finishedAt).toBeNull();
    expect(run).toMatchObject({ state: 'succeeded', usersRead: 4_000, done: expectedPeople() });
  }, 240_000);

  test('in mid applying makes nobody twice', async () => {
    const { left, run } = await killWhen('the first batch', 12_000, ({ done }) => done > 0);
    expect(left.done).toBeLessThan(left.total);
    expect(run).toMatchObject({ state: 'succeeded', resumed: expect.any(Number), done: expectedPeople() });
    expect(run.resumed).toBeGreaterThan(0);
  }, 240_000);
});

describe('Google in a bad hour', () => {
  test.each([
    ['429', { kind: 'error', status: 429, reason: 'rateLimitExceeded' }],
    ['403 with a rate reason', { kind: 'error', status: 403, reason: 'userRateLimitExceeded' }],
    ['503', { kind: 'error', status: 503, reason: 'backendError' }],
    ['a connection that drops in mid page', { kind: 'drop-mid-body' }],
  ] as const)(
    'answers %s and the run waits, then reads everybody',
    async (_, fault) => {
      const tenantId = await begin({ seed: people(1_500) });
      await product.google.control.addFault({ pathPrefix: LISTING, after: 1, count: 2, ...fault });
      expect(await untilEnded(tenantId, await sync(tenantId))).toMatchObject({
        state: 'succeeded',
        usersRead: 1_500,
      });
      await expectEverybodyOnce(tenantId);
    },
    TIMEOUT_MS,
  );

  test(
    'forgets its page token, and the listing begins again',
    async () => {
      const tenantId = await begin({ seed: people(1_500) });
      await product.google.control.expirePageTokens({ afterPages: 1 });
      expect(await untilEnded(tenantId, await sync(tenantId))).toMatchObject({ state: 'succeeded', usersRead: 1_500 });
      await expectEverybodyOnce(tenantId);
    },
    TIMEOUT_MS,
  );

  test(
    'lists nobody, and nobody loses an extension',
    async () => {
      const tenantId = await begin({ seed: people(60) });
      await untilEnded(tenantId, await sync(tenantId));
      await product.google.control.addFault({ kind: 'empty-listing', pathPrefix: LISTING, count: 1 });
      const run = await untilEnded(tenantId, await sync(tenantId));
      expect(run).toMatchObject({ state: 'failed', problem: { code: 'SYNC_LISTING_EMPTY' } });
      await expectEverybodyOnce(tenantId);
    },
    TIMEOUT_MS,
  );

  test(
    'ends the grant: the run waits, and goes on by itself once somebody has authorized again',
    async () => {
      const tenantId = await begin({ seed: people(60) });
      await product.google.control.endRefreshTokens({ how: 'invalid_grant' });
      await product.google.control.expireAccessTokens();
      const runId = await sync(tenantId);
      await untilRun(tenantId, runId, 'waiting', ({ state }) => state === 'waiting-for-authorization');
      const [company] = product.world.companies;
      if (company) await product.administrator.authorize(tenantId, company);
      expect(await untilEnded(tenantId, runId)).toMatchObject({ state: 'succeeded', usersRead: 60 });
      await expectEverybodyOnce(tenantId);
    },
    TIMEOUT_MS,
  );
});
