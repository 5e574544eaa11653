import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SYSTEM_TENANT_ID } from '../../../src/contracts/index.ts';
import { AuthorizationRequestEntity, GrantEntity, IntegrationEntity } from '../../../src/db/entities/index.ts';
import { createGoogleOAuth } from '../../../src/google/oauth.ts';
import { SCOPES } from '../../../src/google/scopes.ts';
import type { Actor } from '../../../src/tenants/index.ts';
import { walkConsent } from '../../../tools/google-stand-in/index.ts';
import {
  type AuthorizationWorld,
  answerFrom,
  createAuthorizationWorld,
  REDIRECT_URI,
} from '../../support/authorization-world.ts';
import { endpointsAt } from '../../support/in-line-authorization.ts';

let world: AuthorizationWorld;
let tenantId: string;

beforeAll(async () => {
  world = await createAuthorizationWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  await world.google.control.reset();
  world.seeded = await world.google.control.seed({ redirectUris: [REDIRECT_URI] });
  tenantId = await world.newTenant();
  world.now.value = new Date();
  world.told.length = 0;
  await world.configure(0, tenantId);
});
afterEach(async () => {
  expect(await world.google.control.violations()).toEqual([]);
});

const view = () => world.authorization.view(world.actor, tenantId);
const requestRow = (id: string) => world.orm.em.fork().findOneOrFail(AuthorizationRequestEntity, { tenantId, id });
const grants = () => world.orm.em.fork().find(GrantEntity, { tenantId }, { orderBy: { generation: 'asc' } });
const code = (expected: string) => expect.objectContaining({ code: expected });
const mailOf = (company: number) => world.seeded.companies[company]?.admin.email ?? '';

/** Everything that a refused answer must leave as it was. */
const stored = async () => {
  const em = world.orm.em.fork();
  return JSON.stringify([
    await em.find(AuthorizationRequestEntity, {}, { orderBy: { id: 'asc' } }),
    await em.find(GrantEntity, {}, { orderBy: { id: 'asc' } }),
    await em.find(IntegrationEntity, {}, { orderBy: { id: 'asc' } }),
  ]);
};

describe('a consent', () => {
  it('ends in a grant with who, for which company, and what was granted', async () => {
    expect((await view()).state).toBe('configured');
    const { outcome } = await world.connect({}, tenantId);
    expect(outcome).toEqual({ state: 'authorized', generation: 1 });
    const connected = await view();
    expect(connected).toMatchObject({
      state: 'active',
      summary: 'Connected.',
      authorizedBy: { email: mailOf(0), googleId: world.seeded.companies[0]?.admin.id },
      customer: { id: world.seeded.companies[0]?.customerId, domain: 'acme.example' },
      problem: null,
      consent: { state: 'authorized', problem: null },
    });
    expect(connected.features.map(({ feature, state }) => `${feature} ${state}`)).toEqual([
      'mail ready',
      'userSync ready',
      'photos ready',
      'signIn ready',
    ]);
    expect(world.told).toEqual([`tokenChanged ${tenantId}`, `resume ${tenantId}`]);
  });

  it('asks Google for exactly what it should, with PKCE, a nonce and a state', async () => {
    const { requestId, authorizationUrl } = await world.authorization.begin(world.actor, tenantId);
    expect(authorizationUrl).toBe(`http://localhost:3000/google/start/${requestId}`);
    const { googleUrl } = await world.authorization.startConsent(world.actor, requestId);
    const asked = Object.fromEntries(new URL(googleUrl).searchParams);
    expect(asked).toEqual({
      access_type: 'offline',
      prompt: 'consent',
      include_granted_scopes: 'false',
      response_type: 'code',
      client_id: world.seeded.companies[0]?.client.clientId,
      redirect_uri: REDIRECT_URI,
      scope: [SCOPES.openid, SCOPES.email, SCOPES.profile, SCOPES.gmailSend, SCOPES.directoryUsers].sort().join(' '),
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^consent\.[\w-]{43}$/),
    });
  });

  it('asks for mail only at system level', async () => {
    await world.configure(0, SYSTEM_TENANT_ID);
    await world.connect({}, SYSTEM_TENANT_ID);
    const { features, grantedScopes, level } = await world.authorization.view(world.actor, SYSTEM_TENANT_ID);
    expect(level).toBe('system');
    expect(features.map(({ feature }) => feature)).toEqual(['mail']);
    expect(grantedScopes).not.toContain(SCOPES.directoryUsers);
  });

  it('keeps no one-time secret once it has ended, and hashes of state and cookie only before', async () => {
    const { requestId, browserToken, callback, answer } = await world.walk({}, tenantId);
    const open = JSON.stringify(await requestRow(requestId));
    expect(open).not.toContain(browserToken);
    expect(open).not.toContain(callback.searchParams.get('state') ?? '-');
    await world.authorization.answer(answer);
    expect(await requestRow(requestId)).toMatchObject({
      state: 'authorized',
      sealedState: null,
      sealedCodeVerifier: null,
      sealedNonce: null,
      sealedCode: null,
      sealedTokens: null,
    });
  });

  it('stores no token and no client secret in the clear', async () => {
    await world.connect({}, tenantId);
    const [accessToken] = [await world.authorization.getAccessToken({ tenantId, purpose: 'mail' })];
    const everything = await stored();
    expect(everything).not.toContain(accessToken);
    expect(everything).not.toContain(world.seeded.companies[0]?.client.clientSecret ?? '-');
    expect(everything).not.toMatch(/ya29\.|1\/\/0/);
  });

  it('that is declined is a refusal with the reason, and leaves the integration as it was', async () => {
    const { outcome } = await world.connect({ decision: 'cancel' }, tenantId);
    expect(outcome).toEqual({ state: 'refused', code: 'AUTHORIZATION_DENIED' });
    expect(await view()).toMatchObject({
      state: 'configured',
      consent: { state: 'refused', problem: { code: 'AUTHORIZATION_DENIED' } },
    });
    expect(await world.tokenRequests()).toBe(0);
  });

  it('that is partly granted is connected, and says which features lack access', async () => {
    const { outcome } = await world.connect({ untick: [SCOPES.directoryUsers] }, tenantId);
    expect(outcome?.state).toBe('authorized');
    const connected = await view();
    expect(connected.state).toBe('active');
    expect(connected.summary).toBe('Connected, but user sync and photos lack access that was not granted.');
    expect(connected.features.find(({ feature }) => feature === 'userSync')?.missingScopes).toEqual([
      SCOPES.directoryUsers,
    ]);
    await expect(world.authorization.getAccessToken({ tenantId, purpose: 'userSync' })).rejects.toEqual(
      code('GOOGLE_SCOPE_MISSING'),
    );
    await expect(world.authorization.getAccessToken({ tenantId, purpose: 'mail' })).resolves.toBeTruthy();
  });

  it('asks for an optional access only while it is wanted, and then tells that it lacks', async () => {
    await world.connect({}, tenantId);
    const asking = world.feature({ wantedFeatures: async () => ['groups', 'orgUnits'] });
    const { grantedScopes, features, summary } = await asking.view(world.actor, tenantId);
    expect(grantedScopes).not.toContain(SCOPES.directoryGroups);
    expect(features.filter(({ state }) => state === 'lacking').map(({ feature }) => feature)).toEqual([
      'groups',
      'orgUnits',
    ]);
    expect(summary).toBe('Connected, but groups and organizational units lack access that was not granted.');
    await expect(asking.requireReady({ tenantId, purpose: 'groups' })).rejects.toEqual(code('GOOGLE_SCOPE_MISSING'));
    expect((await view()).features.map(({ feature }) => feature)).not.toContain('groups');

    const { requestId } = await asking.begin(world.actor, tenantId);
    const { googleUrl } = await asking.startConsent(world.actor, requestId);
    const asked = new URL(googleUrl).searchParams.get('scope')?.split(' ');
    expect(asked).toEqual(expect.arrayContaining([SCOPES.directoryGroups, SCOPES.directoryOrgUnits]));
  });

  it('of a person who may not read the directory pins the company by its domain', async () => {
    const person = world.seeded.companies[0]?.user.email ?? '';
    await world.connect({ email: person }, tenantId);
    expect((await view()).customer).toEqual({ id: null, domain: 'acme.example' });
  });

  it('of a personal account is refused, and what it granted is given back', async () => {
    const client = world.seeded.companies[0]?.client;
    await world.google.control.changeClient({ clientId: client?.clientId ?? '', change: { userType: 'external' } });
    const { outcome } = await world.connect({ email: world.seeded.consumer?.email ?? '' }, tenantId);
    expect(outcome).toEqual({ state: 'failed', code: 'GOOGLE_CONSUMER_ACCOUNT' });
    expect(await world.google.control.requests({ pathPrefix: '/revoke' })).toHaveLength(1);
    expect((await view()).state).toBe('configured');
  });

  it('of another company is refused until a reset', async () => {
    await world.connect({}, tenantId);
    const clientId = world.seeded.companies[0]?.client.clientId ?? '';
    await world.google.control.changeClient({ clientId, change: { userType: 'external' } });
    const { outcome } = await world.connect({ email: mailOf(1) }, tenantId);
    expect(outcome).toEqual({ state: 'failed', code: 'GOOGLE_OTHER_COMPANY' });
    expect(await view()).toMatchObject({ state: 'active', authorizedBy: { email: mailOf(0) } });

    await world.authorization.reset(world.actor, tenantId, 'reset');
    expect((await world.connect({ email: mailOf(1) }, tenantId)).outcome).toMatchObject({ state: 'authorized' });
    expect((await view()).customer?.domain).toBe('borealis.example');
  });

  it('given again makes the next generation and ends the one before', async () => {
    await world.connect({}, tenantId);
    await world.connect({}, tenantId);
    expect(await grants()).toMatchObject([
      { generation: 1, endCode: 'SUPERSEDED', sealedRefreshToken: null, sealedAccessToken: null },
      { generation: 2, endedAt: null },
    ]);
  });

  it('without a lasting access is not taken for a success', async () => {
    const oauth = createGoogleOAuth(endpointsAt(world.google.url));
    const feature = world.feature({
      oauth: {
        ...oauth,
        exchangeCode: async (asked) => ({ ...(await oauth.exchangeCode(asked)), refreshToken: undefined }),
      },
    });
    const { answer } = await world.walk({}, tenantId);
    expect((await feature.answer(answer)).outcome).toEqual({ state: 'failed', code: 'GOOGLE_REFRESH_TOKEN_MISSING' });
    expect(await grants()).toEqual([]);
  });

  it('with the wrong secret names the credentials as the fault', async () => {
    const { clientId = '' } = world.seeded.companies[0]?.client ?? {};
    await world.authorization.saveCredentials(world.actor, tenantId, { clientId, clientSecret: 'GOCSPX-wrong-secret' });
    expect((await world.connect({}, tenantId)).outcome).toEqual({ state: 'failed', code: 'GOOGLE_CLIENT_REJECTED' });
    expect((await view()).consent?.problem?.action).toContain('secret');
  });

  it('with a redirect URI that Google does not know never comes back, and expires', async () => {
    const { clientId = '' } = world.seeded.companies[0]?.client ?? {};
    await world.google.control.changeClient({ clientId, change: { redirectUris: ['https://other.example.com/x'] } });
    const { requestId } = await world.authorization.begin(world.actor, tenantId);
    const { googleUrl } = await world.authorization.startConsent(world.actor, requestId);
    expect(await walkConsent(googleUrl, { email: mailOf(0) })).toMatchObject({ error: 'redirect_uri_mismatch' });

    world.now.value = new Date(Date.now() + 16 * 60_000);
    expect(await world.authorization.expireRequest({ tenantId, requestId })).toEqual({
      state: 'expired',
      code: 'AUTHORIZATION_EXPIRED',
    });
    expect((await view()).consent).toMatchObject({ state: 'expired' });
  });
});

describe('an answer that does not belong here changes nothing', () => {
  const refused = async (answer: Parameters<typeof world.authorization.answer>[0], expected: string) => {
    const before = await stored();
    await expect(world.authorization.answer(answer)).rejects.toEqual(code(expected));
    expect(await stored()).toBe(before);
  };

  it('when its state is unknown', async () => {
    const { answer } = await world.walk({}, tenantId);
    await refused({ ...answer, state: `consent.${'A'.repeat(43)}` }, 'AUTHORIZATION_UNKNOWN');
  });

  it('when it comes a second time', async () => {
    const { answer } = await world.walk({}, tenantId);
    await world.authorization.answer(answer);
    await refused(answer, 'AUTHORIZATION_ALREADY_USED');
    await refused({ ...answer, code: 'another-code' }, 'AUTHORIZATION_ALREADY_USED');
    expect(await world.tokenRequests()).toBe(1);
  });

  it('when it comes twice at once: one is taken', async () => {
    const { answer } = await world.walk({}, tenantId);
    const both = await Promise.allSettled([world.authorization.answer(answer), world.authorization.answer(answer)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await world.tokenRequests()).toBe(1);
  });

  it('when the browser is another one', async () => {
    const { answer } = await world.walk({}, tenantId);
    await refused({ ...answer, browserTokenFor: () => undefined }, 'AUTHORIZATION_OTHER_BROWSER');
    await refused({ ...answer, browserTokenFor: () => 'guessed' }, 'AUTHORIZATION_OTHER_BROWSER');
  });

  it('when the state is of another tenant, whose cookie this browser does not have', async () => {
    const mine = await world.walk({}, tenantId);
    const otherTenant = await world.newTenant();
    await world.configure(0, otherTenant);
    const theirs = await world.walk({}, otherTenant);
    const cookies = { [mine.requestId]: mine.browserToken };
    await refused(answerFrom(theirs.callback, cookies), 'AUTHORIZATION_OTHER_BROWSER');
    await refused({ ...mine.answer, state: theirs.answer.state }, 'AUTHORIZATION_OTHER_BROWSER');
  });

  it('when it comes too late', async () => {
    const { answer } = await world.walk({}, tenantId);
    world.now.value = new Date(Date.now() + 15 * 60_000 + 1);
    await refused(answer, 'AUTHORIZATION_EXPIRED');
  });

  it('when a newer consent was begun', async () => {
    const older = await world.walk({}, tenantId);
    const newer = await world.walk({}, tenantId);
    await refused(older.answer, 'AUTHORIZATION_SUPERSEDED');
    expect((await world.authorization.answer(newer.answer)).outcome?.state).toBe('authorized');
  });

  it('when somebody else signed it', async () => {
    const { answer } = await world.walk({}, tenantId);
    expect(answer.iss).toBe('https://accounts.google.com');
    await refused({ ...answer, iss: 'https://evil.example.com' }, 'AUTHORIZATION_UNKNOWN');
  });

  it('when it has neither code nor error, or both', async () => {
    const { answer } = await world.walk({}, tenantId);
    await refused({ ...answer, code: undefined }, 'VALIDATION_FAILED');
    await refused({ ...answer, error: 'access_denied' }, 'VALIDATION_FAILED');
  });
});

describe('the start page', () => {
  it('serves once', async () => {
    const { requestId } = await world.authorization.begin(world.actor, tenantId);
    await world.authorization.startConsent(world.actor, requestId);
    await expect(world.authorization.startConsent(world.actor, requestId)).rejects.toEqual(
      code('AUTHORIZATION_ALREADY_USED'),
    );
  });

  it('is not there for an administrator of another tenant', async () => {
    const { requestId } = await world.authorization.begin(world.actor, tenantId);
    const stranger: Actor = { ...world.actor, kind: 'administrator', tenantId: await world.newTenant() };
    await expect(world.authorization.startConsent(stranger, requestId)).rejects.toEqual(code('NOT_FOUND'));
    await expect(world.authorization.startConsent(world.actor, requestId)).resolves.toBeTruthy();
  });

  it('does not serve after its time, nor for a consent that was replaced', async () => {
    const first = await world.authorization.begin(world.actor, tenantId);
    const second = await world.authorization.begin(world.actor, tenantId);
    await expect(world.authorization.startConsent(world.actor, first.requestId)).rejects.toEqual(
      code('AUTHORIZATION_SUPERSEDED'),
    );
    world.now.value = new Date(Date.now() + 16 * 60_000);
    await expect(world.authorization.startConsent(world.actor, second.requestId)).rejects.toEqual(
      code('AUTHORIZATION_EXPIRED'),
    );
  });
});

describe('the exchange', () => {
  const faultAtToken = (fault: { kind: 'lose-answer' | 'drop-before-answer' } | { kind: 'error'; status: number }) =>
    world.google.control.addFault({
      pathPrefix: '/token',
      count: 1,
      ...(fault.kind === 'error' ? { ...fault, reason: 'internal_failure', message: 'Busy' } : fault),
    } as never);

  it('whose answer is lost ends in “authorize again” and is never done twice', async () => {
    const { answer, requestId } = await world.walk({}, tenantId);
    await faultAtToken({ kind: 'lose-answer' });
    expect((await world.authorization.answer(answer)).outcome).toEqual({
      state: 'failed',
      code: 'AUTHORIZATION_ANSWER_LOST',
    });
    expect(await world.authorization.completeRequest({ tenantId, requestId })).toMatchObject({ state: 'failed' });
    expect(await world.tokenRequests()).toBe(1);
    expect((await world.connect({}, tenantId)).outcome?.state).toBe('authorized');
  });

  it('is tried again when Google says that it cannot now', async () => {
    const { answer, requestId } = await world.walk({}, tenantId);
    await faultAtToken({ kind: 'error', status: 503 });
    expect((await world.authorization.answer(answer)).outcome).toBeUndefined();
    expect((await requestRow(requestId)).state).toBe('answered');
    expect(await world.authorization.completeRequest({ tenantId, requestId })).toMatchObject({ state: 'authorized' });
  });

  it('of a worker that died between exchange and store is not repeated by the next', async () => {
    const { answer, requestId } = await world.walk({}, tenantId);
    const oauth = createGoogleOAuth(endpointsAt(world.google.url));
    let exchanged = () => {};
    const reached = new Promise<void>((resolve) => {
      exchanged = resolve;
    });
    const dying = await world.another({
      oauth: {
        ...oauth,
        async exchangeCode(asked) {
          await oauth.exchangeCode(asked);
          exchanged();
          return new Promise(() => {});
        },
      },
    });
    void dying.answer(answer);
    await reached;
    expect(await world.authorization.completeRequest({ tenantId, requestId })).toEqual({
      state: 'failed',
      code: 'AUTHORIZATION_ANSWER_LOST',
    });
    expect(await world.tokenRequests()).toBe(1);
    expect(await grants()).toEqual([]);
  });

  it('is not repeated when a worker dies after it was stored: the next one goes on from there', async () => {
    const { answer, requestId } = await world.walk({}, tenantId);
    const oauth = createGoogleOAuth(endpointsAt(world.google.url));
    const dying = world.feature({ oauth: { ...oauth, verifyIdToken: () => Promise.reject(new Error('killed')) } });
    await dying.answer(answer);
    expect((await requestRow(requestId)).state).toBe('exchanged');
    expect(await world.authorization.completeRequest({ tenantId, requestId })).toEqual({
      state: 'authorized',
      generation: 1,
    });
    expect(await world.tokenRequests()).toBe(1);
  });

  it('that comes to its end after its request was given up stores nothing', async () => {
    const { answer, requestId } = await world.walk({}, tenantId);
    const oauth = createGoogleOAuth(endpointsAt(world.google.url));
    const slow = world.feature({
      oauth: {
        ...oauth,
        async exchangeCode(asked) {
          const tokens = await oauth.exchangeCode(asked);
          await world.authorization.discardRequest({ tenantId, requestId });
          return tokens;
        },
      },
    });
    expect((await slow.answer(answer)).outcome).toMatchObject({ state: 'superseded' });
    expect(await grants()).toEqual([]);
    expect((await requestRow(requestId)).sealedTokens).toBeNull();
  });

  it('is completed from its row when Temporal was away while the answer came', async () => {
    const { answer, requestId } = await world.walk({}, tenantId);
    const withoutTemporal = world.feature({
      workflows: {
        begin: () => Promise.reject(new Error('down')),
        complete: () => Promise.reject(new Error('down')),
        cancel: async () => undefined,
        tokenChanged: async () => undefined,
      },
    });
    expect((await withoutTemporal.answer(answer)).outcome).toBeUndefined();
    expect(await world.authorization.expireRequest({ tenantId, requestId })).toBeUndefined();
    expect(await world.authorization.completeRequest({ tenantId, requestId })).toMatchObject({ state: 'authorized' });
  });
});

describe('a request', () => {
  it('made twice is one', async () => {
    const integration = await world.orm.em.fork().findOneOrFail(IntegrationEntity, { tenantId });
    const given = {
      tenantId,
      integrationId: integration.id,
      requestId: crypto.randomUUID(),
      redirectUri: REDIRECT_URI,
      requestedBy: 'administrator/1',
    };
    const first = await world.authorization.createRequest(given);
    const again = await world.authorization.createRequest(given);
    expect(again.authorizationUrl).toBe(first.authorizationUrl);
    expect(await world.orm.em.fork().count(AuthorizationRequestEntity, { tenantId })).toBe(1);
  });

  it('takes a redirect URI of ours only', async () => {
    await expect(
      world.authorization.begin(world.actor, tenantId, 'https://evil.example.com/google/callback'),
    ).rejects.toEqual(code('VALIDATION_FAILED'));
  });

  it('is refused before the credentials are there', async () => {
    await expect(world.authorization.begin(world.actor, await world.newTenant())).rejects.toEqual(
      code('INTEGRATION_NOT_CONFIGURED'),
    );
  });
});
