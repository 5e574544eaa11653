import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_GUESS_LIMITS, DEFAULT_SESSION_LIMITS } from '../../src/sign-in/index.ts';
import { type ApiWorld, cookieOf, createApiWorld, PUBLIC_URL, SESSION_COOKIE } from '../support/api-world.ts';

let world: ApiWorld;
let who: { id: string; email: string; password: string };

beforeAll(async () => {
  world = await createApiWorld();
});
beforeEach(async () => {
  world.now.value = new Date();
  who = await world.newAdministrator();
});
afterAll(() => world.close());

const page = { accept: 'text/html', 'sec-fetch-site': 'same-origin' };

const tryToSignIn = (form: { email: string; password: string; domain?: string; next?: string }, headers = {}) =>
  world.request('/sign-in', { form, headers: { ...page, ...headers } });

const isSignedIn = async (cookie: string): Promise<boolean> =>
  (await world.request('/api/v1/tenants', { cookie })).status === 200;

describe('sign-in with a password', () => {
  test('sets a cookie that script cannot read and other sites cannot send, and leads on', async () => {
    const answer = await tryToSignIn({ ...who, next: '/tenants?q=acme' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/tenants?q=acme');
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(new RegExp(`^${SESSION_COOKIE}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax$`));
    expect(await isSignedIn(cookieOf(answer))).toBe(true);
  });

  test('over https the cookie is bound to the host', async () => {
    const own = await createApiWorld({ publicUrl: 'https://pbx.example.com' });
    try {
      const person = await own.newAdministrator();
      const answer = await own.request('/sign-in', { form: person, headers: page });
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^__Host-pgw-session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
      expect(answer.headers.get('strict-transport-security')).toContain('max-age');
    } finally {
      await own.close();
    }
  });

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '\t//evil.example'])(
    'never leads to another site: %j',
    async (next) => {
      const answer = await tryToSignIn({ ...who, next });
      const target = new URL(answer.headers.get('location') ?? '', PUBLIC_URL);
      expect(target.origin).toBe(PUBLIC_URL);
    },
  );

  test('a wrong password, an unknown person and an unknown domain read alike', async () => {
    const tenant = await world.newTenant();
    const own = await world.newAdministrator(tenant.id);
    const shown = async (form: { email: string; password: string; domain?: string }) => {
      const { status, text } = await tryToSignIn(form);
      return { status, message: /role="alert">(?:<div>)?([^<]+)/.exec(text)?.[1] };
    };
    const wrong = await shown({ email: who.email, password: 'not the password' });
    expect(wrong.status).toBe(401);
    expect(wrong.message).toContain('SIP domain');
    expect(await shown({ email: 'nobody@example.com', password: 'not the password' })).toEqual(wrong);
    expect(await shown({ ...own })).toEqual(wrong);

    const wrongThere = await shown({ email: own.email, password: 'not it at all', domain: tenant.sipDomain });
    expect(await shown({ ...own, domain: 'unknown.example' })).toEqual(wrongThere);
    expect((await tryToSignIn({ ...own, domain: tenant.sipDomain.toUpperCase() })).status).toBe(303);
  });

  test('keeps what was typed except the password, and names the field', async () => {
    const { status, text } = await tryToSignIn({ email: who.email, password: '', domain: 'acme.example' });
    expect(status).toBe(400);
    expect(text).toContain(`value="${who.email}"`);
    expect(text).toContain('value="acme.example"');
    expect(text).toContain('Give your password.');
  });

  test('guessing is stopped for the guesser, while the person still signs in from elsewhere', async () => {
    const guesser = { 'x-test-address': '203.0.113.9' };
    for (let n = 0; n < DEFAULT_GUESS_LIMITS.perAccountAndAddress; n++) {
      expect((await tryToSignIn({ email: who.email, password: `guess number ${n}` }, guesser)).status).toBe(401);
    }
    const stopped = await tryToSignIn(who, guesser);
    expect(stopped.status).toBe(429);
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await tryToSignIn(who, { 'x-test-address': '203.0.113.10' })).status).toBe(303);
  });

  test('the right password forgets earlier misses', async () => {
    const here = { 'x-test-address': '203.0.113.77' };
    for (let round = 0; round < 2; round++) {
      for (let n = 1; n < DEFAULT_GUESS_LIMITS.perAccountAndAddress; n++) {
        await tryToSignIn({ email: who.email, password: 'a miss' }, here);
      }
      expect((await tryToSignIn(who, here)).status).toBe(303);
    }
  });
});

describe('sessions', () => {
  test('a new sign-in ends the session the browser came with', async () => {
    const first = await world.signIn(who);
    const answer = await world.request('/sign-in', { form: who, cookie: first, headers: page });
    const second = cookieOf(answer);
    expect(second).not.toBe(first);
    expect(await isSignedIn(first)).toBe(false);
    expect(await isSignedIn(second)).toBe(true);
  });

  test('a planted cookie is never taken over', async () => {
    const planted = `${SESSION_COOKIE}=${'x'.repeat(43)}`;
    const answer = await world.request('/sign-in', { form: who, cookie: planted, headers: page });
    expect(cookieOf(answer)).not.toBe(planted);
    expect(await isSignedIn(planted)).toBe(false);
  });

  test('ends when unused for the idle time, and lives on while it is used', async () => {
    const cookie = await world.signIn(who);
    const begun = world.now.value.getTime();
    const { idleMs } = DEFAULT_SESSION_LIMITS;
    world.now.value = new Date(begun + idleMs - 1000);
    expect(await isSignedIn(cookie)).toBe(true);
    world.now.value = new Date(begun + 2 * idleMs - 2000);
    expect(await isSignedIn(cookie)).toBe(true);
    world.now.value = new Date(begun + 3 * idleMs);
    expect(await isSignedIn(cookie)).toBe(false);
  });

  test('ends after the absolute time however much it is used', async () => {
    const cookie = await world.signIn(who);
    const begun = world.now.value.getTime();
    const { absoluteMs, idleMs } = DEFAULT_SESSION_LIMITS;
    for (let at = begun; at < begun + absoluteMs - 1; at += idleMs / 2) {
      world.now.value = new Date(at);
      expect(await isSignedIn(cookie)).toBe(true);
    }
    world.now.value = new Date(begun + absoluteMs);
    expect(await isSignedIn(cookie)).toBe(false);
  });

  test('signing out ends it on the server, not only in the browser', async () => {
    const cookie = await world.signIn(who);
    const answer = await world.request('/sign-out', { method: 'POST', cookie, headers: page });
    expect(answer.status).toBe(303);
    expect(answer.headers.getSetCookie()[0]).toMatch(new RegExp(`^${SESSION_COOKIE}=; Max-Age=0`));
    expect(await isSignedIn(cookie)).toBe(false);
  });

  test('a new password and the removal of the administrator end every session', async () => {
    await world.newAdministrator();
    const path = `/api/v1/system/administrators/${who.id}`;
    const before = await world.signIn(who);
    const password = 'a different password';
    const set = await world.request(`${path}/password`, {
      method: 'PUT',
      token: world.systemToken,
      json: { password },
    });
    expect(set.status).toBe(204);
    expect(await isSignedIn(before)).toBe(false);
    const after = await world.signIn({ email: who.email, password });
    await world.request(path, { method: 'DELETE', token: world.systemToken });
    expect(await isSignedIn(after)).toBe(false);
  });
});

describe('requests from other sites', () => {
  const create = { name: 'Planted', scopes: 'admin' };

  test.each([
    ['says it is cross-site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['says it is from a neighbouring host', { 'sec-fetch-site': 'same-site' }],
    ['has a foreign origin', { origin: 'https://evil.example' }],
    ['says nothing', {}],
  ])('a form that %s changes nothing', async (_, headers) => {
    const cookie = await world.signIn(who);
    for (const path of ['/system/api-tokens/new', '/api/v1/system/api-tokens']) {
      const answer = await world.request(path, { form: create, cookie, headers });
      expect(answer.status).toBe(403);
      expect(answer.body.code).toBe('CROSS_SITE_REQUEST');
    }
    const { body } = await world.request('/api/v1/system/api-tokens', { cookie });
    expect(body.items.map(({ name }: { name: string }) => name)).not.toContain('Planted');
  });

  test('a form with our own origin is accepted by browsers that send no Sec-Fetch-Site', async () => {
    const cookie = await world.signIn(who);
    const form = { name: 'Own origin', scopes: 'read' };
    const answer = await world.request('/system/api-tokens/new', { form, cookie, headers: { origin: PUBLIC_URL } });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/pgw_[\w-]{43}/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('a request with a token needs no such proof, and its cookie is not looked at', async () => {
    const cookie = await world.signIn(who);
    const headers = { authorization: 'Bearer wrong' };
    expect((await world.request('/api/v1/tenants', { cookie, headers })).status).toBe(401);
    const path = '/api/v1/system/api-tokens/00000000-0000-4000-8000-000000000000';
    expect((await world.request(path, { method: 'DELETE', token: world.systemToken })).status).toBe(404);
  });
});
