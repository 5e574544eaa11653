import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Authorization } from '../../../src/authorization/index.ts';
import { type Grant, GrantEntity, IntegrationEntity } from '../../../src/db/entities/index.ts';
import { createGoogleOAuth, type GoogleOAuth } from '../../../src/google/oauth.ts';
import { type AuthorizationWorld, createAuthorizationWorld, REDIRECT_URI } from '../../support/authorization-world.ts';
import { endpointsAt } from '../../support/in-line-authorization.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

let world: AuthorizationWorld;
let other: Authorization;
let oauth: GoogleOAuth;
let tenantId: string;
let integrationId: string;

beforeAll(async () => {
  world = await createAuthorizationWorld({ durations: { leaseWaitMs: 8_000 } });
  other = await world.another();
  oauth = createGoogleOAuth(endpointsAt(world.google.url));
});
afterAll(() => world.close());

beforeEach(async () => {
  await world.google.control.reset();
  world.seeded = await world.google.control.seed({ redirectUris: [REDIRECT_URI] });
  tenantId = await world.newTenant();
  world.now.value = new Date();
  await world.configure(0, tenantId);
  await world.connect({}, tenantId);
  integrationId = (await world.orm.em.fork().findOneOrFail(IntegrationEntity, { tenantId })).id;
  await world.google.control.clearRequests();
  world.told.length = 0;
});
afterEach(async () => {
  expect(await world.google.control.violations()).toEqual([]);
});

const tokenFrom = (feature: Authorization = world.authorization) =>
  feature.getAccessToken({ tenantId, purpose: 'userSync' });
const newestGrant = (): Promise<Grant> =>
  world.orm.em.fork().findOneOrFail(GrantEntity, { tenantId }, { orderBy: { generation: 'desc' } });
const code = (expected: string) => expect.objectContaining({ code: expected });
const later = (ms: number) => {
  world.now.value = new Date(world.now.value.getTime() + ms);
};
const state = async () => (await world.authorization.view(world.actor, tenantId)).state;
const endRefreshTokens = (how: 'invalid_grant' | 'invalid_rapt' | 'admin_policy_enforced' | 'deleted_client') =>
  world.google.control.endRefreshTokens({ how });
const tokenFault = (status: number, reason: string, count = 1) =>
  world.google.control.addFault({ pathPrefix: '/token', kind: 'error', status, reason, message: 'Busy', count });

/** A feature whose refresh stops before Google until it is let go. */
const slowRefresher = async (durations = {}) => {
  let letGo = () => {};
  let arrived = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const atTheGate = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const feature = await world.another({
    durations: { leaseWaitMs: 8_000, ...durations },
    oauth: {
      ...oauth,
      async refresh(asked) {
        arrived();
        await gate;
        return oauth.refresh(asked);
      },
    },
  });
  return { feature, atTheGate, letGo: () => letGo() };
};

describe('an access token', () => {
  it('is given out without asking Google while it is good', async () => {
    expect(await tokenFrom()).toBe(await tokenFrom(other));
    expect(await world.tokenRequests()).toBe(0);
  });

  it('is renewed a minute before its end, and the refresh token is kept', async () => {
    const first = await tokenFrom();
    later(HOUR_MS - 62_000);
    expect(await tokenFrom()).toBe(first);
    later(2_000);
    const second = await tokenFrom();
    expect(second).not.toBe(first);
    later(HOUR_MS);
    expect(await tokenFrom()).not.toBe(second);
    expect(await world.tokenRequests()).toBe(2);
  });

  it('is renewed once for 20 callers in one process', async () => {
    later(HOUR_MS);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenFrom()));
    expect(new Set(tokens).size).toBe(1);
    expect(await world.tokenRequests()).toBe(1);
  });

  it('is renewed once for 20 callers in two processes', async () => {
    later(HOUR_MS);
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) => tokenFrom(index % 2 ? other : world.authorization)),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(await world.tokenRequests()).toBe(1);
  });

  it('that Google refused is renewed once, and only that one is forgotten', async () => {
    const refused = await tokenFrom();
    await world.authorization.forgetAccessToken(tenantId, refused);
    const renewed = await tokenFrom();
    expect(renewed).not.toBe(refused);
    await world.authorization.forgetAccessToken(tenantId, refused);
    expect(await tokenFrom()).toBe(renewed);
    expect(await world.tokenRequests()).toBe(1);
  });

  it('is never given to another tenant', async () => {
    const stranger = await world.newTenant();
    await expect(world.authorization.getAccessToken({ tenantId: stranger, purpose: 'mail' })).rejects.toEqual(
      code('INTEGRATION_NOT_CONFIGURED'),
    );
    await world.authorization.forgetAccessToken(stranger, await tokenFrom());
    await tokenFrom();
    expect(await world.tokenRequests()).toBe(0);
  });
});

describe('a slow refresher', () => {
  it('that lost its lease overwrites nothing, and gets what the winner stored', async () => {
    const slow = await slowRefresher({ leaseMs: 50 });
    later(HOUR_MS);
    const slowToken = slow.feature.getAccessToken({ tenantId, purpose: 'mail' });
    await slow.atTheGate;
    const winner = await tokenFrom(other);
    slow.letGo();
    expect(await slowToken).toBe(winner);
    expect(await tokenFrom()).toBe(winner);
  });

  it('whose answer says that the grant is over cannot end a grant that the winner renewed', async () => {
    const feature = await world.another({
      durations: { leaseMs: 50, leaseWaitMs: 8_000 },
      oauth: {
        ...oauth,
        async refresh(asked) {
          await tokenFrom(other);
          return oauth.refresh({ ...asked, refreshToken: 'dead' });
        },
      },
    });
    later(HOUR_MS);
    const token = await feature.getAccessToken({ tenantId, purpose: 'mail' });
    expect(token).toBe(await tokenFrom());
    expect(await state()).toBe('active');
  });

  it('of an older generation never touches the newer one', async () => {
    const slow = await slowRefresher();
    later(HOUR_MS);
    const slowToken = slow.feature.getAccessToken({ tenantId, purpose: 'mail' });
    await slow.atTheGate;
    await world.connect({}, tenantId);
    const newest = await newestGrant();
    slow.letGo();
    const token = await slowToken;
    expect(await newestGrant()).toEqual(newest);
    expect(newest.generation).toBe(2);
    expect(token).toBe(await tokenFrom());
  });

  it('that died is replaced once its lease is over', async () => {
    const dead = await slowRefresher({ leaseMs: 200 });
    later(HOUR_MS);
    void dead.feature.getAccessToken({ tenantId, purpose: 'mail' }).catch(() => undefined);
    await dead.atTheGate;
    await expect(tokenFrom(other)).resolves.toBeTruthy();
    expect(await world.tokenRequests()).toBe(1);
    dead.letGo();
  });

  it('is waited for, though not for ever', async () => {
    const slow = await slowRefresher();
    const hurried = await world.another({ durations: { leaseWaitMs: 300 } });
    later(HOUR_MS);
    const slowToken = slow.feature.getAccessToken({ tenantId, purpose: 'mail' });
    await slow.atTheGate;
    await expect(tokenFrom(hurried)).rejects.toEqual(code('UNAVAILABLE'));
    slow.letGo();
    await slowToken;
  });
});

describe('a grant', () => {
  it.each([
    ['invalid_grant', 'GRANT_REVOKED'],
    ['invalid_rapt', 'GRANT_SESSION_EXPIRED'],
    ['admin_policy_enforced', 'GRANT_BLOCKED_BY_ADMINISTRATOR'],
    ['deleted_client', 'GOOGLE_CLIENT_DELETED'],
  ] as const)('ends at once when Google answers %s, with what to do', async (how, expected) => {
    await endRefreshTokens(how);
    later(HOUR_MS);
    await expect(tokenFrom()).rejects.toEqual(expect.objectContaining({ code: expected, kind: 'unauthorized' }));
    const { state, problem, grantedScopes } = await world.authorization.view(world.actor, tenantId);
    expect(state).toBe('reauthorize');
    expect(problem).toMatchObject({ code: expected, since: world.now.value, action: expect.any(String) });
    expect(grantedScopes).toEqual([]);
  });

  it('that is over is not asked about again', async () => {
    await endRefreshTokens('invalid_grant');
    later(HOUR_MS);
    await expect(tokenFrom()).rejects.toEqual(code('GRANT_REVOKED'));
    await expect(tokenFrom(other)).rejects.toEqual(code('GRANT_REVOKED'));
    expect(await world.tokenRequests()).toBe(1);
    expect(await newestGrant()).toMatchObject({ sealedRefreshToken: null, sealedAccessToken: null });
  });

  it('works again after a new consent, and what waited is told', async () => {
    await endRefreshTokens('invalid_grant');
    later(HOUR_MS);
    await expect(tokenFrom()).rejects.toEqual(code('GRANT_REVOKED'));
    await world.connect({}, tenantId);
    await expect(tokenFrom()).resolves.toBeTruthy();
    expect(world.told).toContain(`resume ${tenantId}`);
  });

  it.each([
    [500, 'internal_failure', 'GOOGLE_UNAVAILABLE'],
    [503, 'temporarily_unavailable', 'GOOGLE_UNAVAILABLE'],
    [429, 'rate_limited', 'GOOGLE_RATE_LIMITED'],
    [400, 'something_new', 'GOOGLE_REQUEST_REJECTED'],
  ])('survives an answer of %i %s', async (status, reason, expected) => {
    later(HOUR_MS);
    await tokenFault(status, reason);
    await expect(tokenFrom()).rejects.toEqual(code(expected));
    expect(await state()).toBe('active');
    later(2_000);
    await expect(tokenFrom()).resolves.toBeTruthy();
    expect(await newestGrant()).toMatchObject({ failures: 0, failingSince: null, retryAt: null });
  });

  it.each(['drop-before-answer', 'lose-answer'] as const)('survives a connection that breaks (%s)', async (kind) => {
    later(HOUR_MS);
    await world.google.control.addFault({ pathPrefix: '/token', kind, count: 1 });
    await expect(tokenFrom()).rejects.toEqual(code('GOOGLE_UNAVAILABLE'));
    expect(await state()).toBe('active');
    later(2_000);
    await expect(tokenFrom()).resolves.toBeTruthy();
  });

  it('is not asked for during an outage by everyone at once: all wait for as long as was told', async () => {
    later(HOUR_MS);
    await tokenFault(503, 'temporarily_unavailable', 10);
    const askers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => tokenFrom(n % 2 ? other : world.authorization)),
    );
    expect(askers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await world.tokenRequests()).toBe(1);
    await expect(tokenFrom()).rejects.toEqual(
      expect.objectContaining({ code: 'GOOGLE_UNAVAILABLE', retryAfterMs: 1_000 }),
    );
  });

  it('that cannot be renewed for a while says so on its page, since when', async () => {
    later(HOUR_MS);
    await tokenFault(503, 'temporarily_unavailable', 10);
    const since = world.now.value;
    for (const pauseMs of [0, 1_000, 2_000]) {
      later(pauseMs);
      await expect(tokenFrom()).rejects.toEqual(code('GOOGLE_UNAVAILABLE'));
    }
    const { state, problem } = await world.authorization.view(world.actor, tenantId);
    expect(state).toBe('active');
    expect(problem).toMatchObject({ code: 'GOOGLE_UNAVAILABLE', since });
  });
});

describe('credentials', () => {
  const client = () => world.seeded.companies[0]?.client ?? { clientId: '', clientSecret: '' };

  it('saved with the right secret take up a grant that ended for the wrong one', async () => {
    const { clientId, clientSecret } = client();
    await world.authorization.saveCredentials(world.actor, tenantId, { clientId, clientSecret: 'GOCSPX-wrong-secret' });
    later(HOUR_MS);
    await expect(tokenFrom()).rejects.toEqual(code('GOOGLE_CLIENT_REJECTED'));
    expect(await state()).toBe('reauthorize');
    await world.authorization.saveCredentials(world.actor, tenantId, { clientId, clientSecret });
    await expect(tokenFrom()).resolves.toBeTruthy();
    expect(world.told).toContain(`resume ${tenantId}`);
  });

  it('of another client end the grant, because it holds for one client only', async () => {
    const { clientId, clientSecret } = world.seeded.companies[1]?.client ?? client();
    await world.authorization.saveCredentials(world.actor, tenantId, { clientId, clientSecret });
    await expect(tokenFrom()).rejects.toEqual(code('GRANT_CLIENT_CHANGED'));
    expect(await state()).toBe('reauthorize');
    expect(await newestGrant()).toMatchObject({ sealedRefreshToken: null });
  });

  it('that somebody else changed meanwhile are not overwritten', async () => {
    const { version } = await world.authorization.view(world.actor, tenantId);
    const save = (expectedVersion: number) =>
      world.authorization.saveCredentials(world.actor, tenantId, { ...client(), expectedVersion });
    await save(version);
    await expect(save(version)).rejects.toEqual(code('STALE_WRITE'));
  });
});

describe('upkeep', () => {
  const keepFresh = () => world.authorization.keepFresh({ tenantId, integrationId });

  it('comes back five minutes before expiry while the token is in use, and renews then', async () => {
    const first = await tokenFrom();
    const step = await keepFresh();
    expect(step.next).toBe('wait');
    const delayMs = step.next === 'wait' ? step.delayMs : 0;
    expect(delayMs).toBeGreaterThan(54 * 60_000);
    expect(delayMs).toBeLessThanOrEqual(55 * 60_000);
    later(delayMs);
    expect((await keepFresh()).next).toBe('wait');
    expect(await tokenFrom()).not.toBe(first);
    expect(await world.tokenRequests()).toBe(1);
  });

  it('renews an idle grant within six days, a little earlier at times', async () => {
    later(2 * HOUR_MS);
    const delays = await Promise.all(
      [0, 0.5, 1].map(async (random) => {
        const step = await world.feature({ random: () => random }).keepFresh({ tenantId, integrationId });
        return step.next === 'wait' ? step.delayMs + 2 * HOUR_MS : 0;
      }),
    );
    expect(delays.map((delay) => Math.round((delay / DAY_MS) * 10) / 10)).toEqual([6, 5.7, 5.4]);
    later(6 * DAY_MS);
    await keepFresh();
    expect(await world.tokenRequests()).toBe(1);
    expect((await world.authorization.view(world.actor, tenantId)).lastRefreshedAt).toEqual(world.now.value);
  });

  it('is told when a token is used again after a rest', async () => {
    await tokenFrom();
    expect(world.told).toEqual([]);
    later(3 * DAY_MS);
    await tokenFrom();
    expect(world.told).toEqual([`tokenChanged ${tenantId}`]);
  });

  it('parks a grant that is over, and ends with a disconnected one', async () => {
    await endRefreshTokens('invalid_grant');
    later(7 * DAY_MS);
    expect(await keepFresh()).toEqual({ next: 'parked' });
    expect(await keepFresh()).toEqual({ next: 'parked' });
    expect(await world.tokenRequests()).toBe(1);
    await world.authorization.disconnect(world.actor, tenantId);
    expect(await keepFresh()).toEqual({ next: 'gone' });
  });

  it('comes back later after an outage, which is an error and costs nothing', async () => {
    later(7 * DAY_MS);
    await tokenFault(503, 'temporarily_unavailable');
    await expect(keepFresh()).rejects.toEqual(code('GOOGLE_UNAVAILABLE'));
    later(2_000);
    expect((await keepFresh()).next).toBe('wait');
  });
});

describe('disconnecting', () => {
  it('revokes at Google, forgets the tokens and tells the workflows', async () => {
    expect(await world.authorization.disconnect(world.actor, tenantId)).toEqual({ revokedAtGoogle: true });
    expect(await state()).toBe('disconnected');
    expect(await newestGrant()).toMatchObject({ endCode: 'DISCONNECTED', sealedRefreshToken: null });
    const alive = (await world.google.control.refreshTokens({})).filter((token) => token.alive);
    expect(alive).toEqual([]);
    expect(world.told).toEqual([`release ${tenantId}`, `cancel ${tenantId}`, `tokenChanged ${tenantId}`]);
    await expect(tokenFrom()).rejects.toEqual(code('INTEGRATION_NOT_ACTIVE'));
  });

  it('ends what was opened at Google while the access still works, and goes on when that fails', async () => {
    const alive = async () => (await world.google.control.refreshTokens({})).filter((token) => token.alive).length;
    let aliveAtRelease = 0;
    const authorization = world.feature({
      releaseAtGoogle: async () => {
        aliveAtRelease = await alive();
        throw new Error('Google is away');
      },
    });
    expect(await authorization.disconnect(world.actor, tenantId)).toEqual({ revokedAtGoogle: true });
    expect([aliveAtRelease, await alive()]).toEqual([1, 0]);
  });

  it('keeps the token out of the address that it is revoked at', async () => {
    await world.authorization.disconnect(world.actor, tenantId);
    const [revocation] = await world.google.control.requests({ pathPrefix: '/revoke' });
    expect(JSON.stringify(revocation)).not.toContain('token=');
  });

  it('forgets the access even when Google cannot be told, and says so', async () => {
    await world.google.control.addFault({ pathPrefix: '/revoke', kind: 'drop-before-answer' });
    expect(await world.authorization.disconnect(world.actor, tenantId)).toEqual({ revokedAtGoogle: false });
    expect(await state()).toBe('disconnected');
  });

  it('takes an access that is gone already for revoked', async () => {
    await endRefreshTokens('invalid_grant');
    expect(await world.authorization.disconnect(world.actor, tenantId)).toEqual({ revokedAtGoogle: true });
  });

  it('ends a consent that is under way', async () => {
    const { answer } = await world.walk({}, tenantId);
    await world.authorization.disconnect(world.actor, tenantId);
    await expect(world.authorization.answer(answer)).rejects.toEqual(code('AUTHORIZATION_SUPERSEDED'));
  });
});

describe('a reset', () => {
  it('wants to be confirmed, and lists what goes', async () => {
    await expect(world.authorization.reset(world.actor, tenantId, 'yes')).rejects.toEqual(code('VALIDATION_FAILED'));
    expect(await state()).toBe('active');
    expect(await world.authorization.previewReset(world.actor, tenantId)).toEqual({
      bindings: 3,
      syncMode: 'automatic',
      customer: 'acme.example',
      confirmation: 'reset',
    });
  });

  it('drops the company, the bindings and the mode, and keeps the credentials', async () => {
    const dropped = await world.authorization.reset(world.actor, tenantId, 'reset');
    expect(dropped).toMatchObject({ bindings: 3, revokedAtGoogle: true });
    expect(world.told).toContain(`drop ${tenantId}`);
    expect(await world.authorization.view(world.actor, tenantId)).toMatchObject({
      state: 'configured',
      customer: null,
      authorizedBy: null,
      hasClientSecret: true,
    });
  });
});
