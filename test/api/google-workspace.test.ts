import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GoogleStandIn, startGoogleStandIn, walkConsent } from '../../tools/google-stand-in/index.ts';
import { type ApiAnswer, type ApiWorld, cookieOf, createApiWorld } from '../support/api-world.ts';

const PUBLIC_URL = 'http://localhost:3000';
const asBrowser = { 'sec-fetch-site': 'same-origin', accept: 'text/html' };

let google: GoogleStandIn;
let api: ApiWorld;
let seeded: Awaited<ReturnType<GoogleStandIn['control']['seed']>>;
const told: string[] = [];

let tenantId: string;
let token: string;
let cookie: string;

beforeAll(async () => {
  google = await startGoogleStandIn();
  seeded = await google.control.seed({ redirectUris: [`${PUBLIC_URL}/google/callback`] });
  api = await createApiWorld(
    { publicUrl: PUBLIC_URL, formTargets: [google.url] },
    { googleUrl: google.url, tell: (what) => told.push(what) },
  );
});
afterAll(async () => {
  expect(await google.control.violations()).toEqual([]);
  await Promise.all([api.close(), google.close()]);
});

beforeEach(async () => {
  const tenant = await api.newTenant();
  tenantId = tenant.id;
  token = await api.newToken(tenantId);
  const administrator = await api.newAdministrator(tenantId);
  cookie = await api.signIn({ ...administrator, domain: tenant.sipDomain });
});

const base = () => `/api/v1/tenants/${tenantId}/google-workspace`;
const client = () => {
  const { clientId = '', clientSecret = '' } = seeded.companies[0]?.client ?? {};
  return { clientId, clientSecret };
};
const view = async () => (await api.request(base(), { token })).body;
const save = (credentials: unknown = client(), version = '"0"') =>
  api.request(`${base()}/credentials`, {
    method: 'PUT',
    token,
    json: credentials,
    headers: { 'if-match': version },
  });
const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url, PUBLIC_URL);
  return `${pathname}${search}`;
};

/** Follows the consent in a browser that is signed in, up to the answer of the callback. */
const consent = async (): Promise<{ callback: ApiAnswer; callbackPath: string; cookies: string }> => {
  const begun = await api.request(`${base()}/authorization`, { token, json: {} });
  expect(begun.status).toBe(201);
  const start = await api.request(pathOf(begun.body.authorizationUrl), { cookie, headers: asBrowser });
  expect(start.status).toBe(303);
  const cookies = `${cookie}; ${cookieOf(start)}`;
  const outcome = await walkConsent(start.headers.get('location') ?? '', {
    email: seeded.companies[0]?.admin.email ?? '',
  });
  if (outcome.kind !== 'callback') throw new Error(outcome.error);
  const callbackPath = pathOf(outcome.url.href);
  return { callback: await api.request(callbackPath, { cookie: cookies, headers: asBrowser }), callbackPath, cookies };
};

describe('credentials', () => {
  it('are saved, and the secret is never told again', async () => {
    const saved = await save();
    expect(saved.status).toBe(200);
    expect(saved.body).toMatchObject({ state: 'configured', clientId: client().clientId, hasClientSecret: true });
    expect(saved.headers.get('etag')).toBe('"1"');
    const everywhere = [saved.text, JSON.stringify(await view()), JSON.stringify(api.logged)].join();
    expect(everywhere).not.toContain(client().clientSecret);
  });

  it('are refused field by field, with the fix', async () => {
    const { status, body } = await save({ clientId: 'x', clientSecret: '' });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { field: 'clientId', message: expect.stringContaining('.apps.googleusercontent.com') },
      { field: 'clientSecret', message: expect.stringContaining('Paste the client secret') },
    ]);
  });

  it('need the version that was read, and refuse another', async () => {
    await save();
    expect((await save(client(), '"0"')).status).toBe(412);
    expect((await save(client(), '"1"')).status).toBe(200);
    const without = await api.request(`${base()}/credentials`, { method: 'PUT', token, json: client() });
    expect(without.status).toBe(428);
  });

  it('leave a record of who saved them, without the secret', async () => {
    await save();
    const { body, text } = await api.request(`/api/v1/tenants/${tenantId}/audit`, { token });
    expect(body.items[0]).toMatchObject({ action: 'integration.credentials-saved' });
    expect(text).not.toContain(client().clientSecret);
  });
});

describe('the consent over HTTP', () => {
  it('comes back to the page with a redirect that carries no code, and connects', async () => {
    await save();
    const { callback } = await consent();
    expect(callback.status).toBe(303);
    const page = callback.headers.get('location') ?? '';
    expect(page).toMatch(new RegExp(`^/tenants/${tenantId}/google-workspace\\?consent=[\\w-]{36}$`));
    expect((await api.request(page, { cookie, headers: asBrowser })).text).toContain('Connected.');
    expect(callback.headers.get('cache-control')).toBe('no-store');
    expect(await view()).toMatchObject({ state: 'active', summary: 'Connected.', problem: null });
    const { body } = await api.request(`${base()}/authorization`, { token });
    expect(body).toMatchObject({ state: 'authorized' });
  });

  it('ties the answer to the browser by a cookie that script cannot read', async () => {
    await save();
    const begun = await api.request(`${base()}/authorization`, { token, json: {} });
    const start = await api.request(pathOf(begun.body.authorizationUrl), { cookie, headers: asBrowser });
    expect(start.headers.getSetCookie()).toEqual([expect.stringMatching(/^pgw-consent-.*HttpOnly; SameSite=Lax$/)]);
  });

  it('shows a page and changes nothing when the answer comes again, or without the cookie', async () => {
    await save();
    const { callbackPath, cookies } = await consent();
    const before = await view();
    const again = await api.request(callbackPath, { cookie: cookies, headers: asBrowser });
    expect(again.status).toBe(409);
    expect(again.text).toContain('<html');
    const elsewhere = await api.request(callbackPath, { cookie, headers: asBrowser });
    expect(elsewhere.status).toBe(409);
    expect(elsewhere.text).toContain('another browser');
    expect(await view()).toEqual(before);
  });

  it.each([
    '/google/callback',
    '/google/callback?state=x&code=y',
    `/google/callback?state=consent.${'a'.repeat(43)}&code=y`,
    `/google/callback?state=sign-in.${'a'.repeat(43)}&code=y`,
    `/google/callback?state=${'a'.repeat(5000)}&code=y`,
  ])('answers %s with a clear page', async (path) => {
    const answer = await api.request(path, { headers: asBrowser });
    expect(answer.status).toBe(409);
    expect(answer.text).toMatch(/begin again/i);
  });

  it('writes neither code nor state to the log', async () => {
    await save();
    const { callbackPath } = await consent();
    const { searchParams } = new URL(callbackPath, PUBLIC_URL);
    const log = JSON.stringify(api.logged);
    for (const name of ['code', 'state']) {
      expect(searchParams.get(name)).toBeTruthy();
      expect(log).not.toContain(searchParams.get(name));
    }
  });

  it('starts for a signed-in administrator of that level only', async () => {
    await save();
    const begun = await api.request(`${base()}/authorization`, { token, json: {} });
    const path = pathOf(begun.body.authorizationUrl);
    const nobody = await api.request(path, { headers: asBrowser });
    expect(nobody.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    expect((await api.request(path, { token })).status).toBe(401);
    const other = await api.newTenant('Other');
    const stranger = await api.signIn({ ...(await api.newAdministrator(other.id)), domain: other.sipDomain });
    expect((await api.request(path, { cookie: stranger, headers: asBrowser })).status).toBe(404);
    expect((await api.request(path, { cookie, headers: asBrowser })).status).toBe(303);
  });

  it('takes none but our own redirect URIs', async () => {
    await save();
    const { status, body } = await api.request(`${base()}/authorization`, {
      token,
      json: { redirectUri: 'https://evil.example.com/google/callback' },
    });
    expect(status).toBe(400);
    expect(body.errors[0].field).toBe('redirectUri');
  });

  it('is refused before the credentials are there', async () => {
    const { status, body } = await api.request(`${base()}/authorization`, { token, json: {} });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'INTEGRATION_NOT_CONFIGURED' });
  });
});

describe('leaving', () => {
  it('disconnects and says whether Google was told', async () => {
    await save();
    await consent();
    const answer = await api.request(`${base()}/disconnect`, { method: 'POST', token });
    expect(answer.body).toEqual({ revokedAtGoogle: true });
    expect((await view()).state).toBe('disconnected');
  });

  it('resets after the word, and lists what goes', async () => {
    await save();
    await consent();
    expect((await api.request(`${base()}/reset`, { token })).body).toMatchObject({
      bindings: 3,
      customer: 'acme.example',
    });
    expect((await api.request(`${base()}/reset`, { token, json: { confirm: 'no' } })).status).toBe(400);
    const reset = await api.request(`${base()}/reset`, { token, json: { confirm: 'reset' } });
    expect(reset.body).toMatchObject({ bindings: 3, revokedAtGoogle: true });
    expect(await view()).toMatchObject({ state: 'configured', customer: null });
  });
});

describe('another tenant', () => {
  it.each([
    ['GET', ''],
    ['PUT', '/credentials'],
    ['GET', '/authorization'],
    ['POST', '/authorization'],
    ['POST', '/disconnect'],
    ['GET', '/reset'],
    ['POST', '/reset'],
  ])('does not exist for %s %s', async (method, path) => {
    const other = await api.newTenant('Other');
    const answer = await api.request(`/api/v1/tenants/${other.id}/google-workspace${path}`, {
      method,
      token,
      ...(method !== 'GET' && { json: {} }),
    });
    expect(answer.status).toBe(404);
  });
});

describe('the page', () => {
  const portal = () => `/tenants/${tenantId}/google-workspace`;
  const open = (path = portal()) => api.request(path, { cookie, headers: asBrowser });
  const submit = (path: string, form: Record<string, string>) =>
    api.request(`${portal()}${path}`, { cookie, form, headers: asBrowser });

  it('takes an administrator from empty to connected with forms alone', async () => {
    const first = await open();
    expect(first.status).toBe(200);
    expect(first.text).toContain(`${PUBLIC_URL}/google/callback`);
    expect(first.text).not.toContain('Complete the authorization</button>');
    expect((await submit('/credentials', { ...client(), version: '0' })).headers.get('location')).toBe(
      `${portal()}?done=google-credentials-saved`,
    );
    const begun = await submit('/authorization', {});
    expect(begun.status).toBe(303);
    expect(begun.headers.get('location')).toContain(`${PUBLIC_URL}/google/start/`);
    expect((await open()).text).toContain('Waiting for consent');
  });

  it('shows a refused form again with what was typed, never with the secret', async () => {
    const { status, text } = await submit('/credentials', {
      clientId: 'wrong-id',
      clientSecret: 'GOCSPX-some-secret',
      version: '0',
    });
    expect(status).toBe(400);
    expect(text).toContain('wrong-id');
    expect(text).toContain('.apps.googleusercontent.com');
    expect(text).not.toContain('GOCSPX-some-secret');
  });

  it('tells what the declined consent was about, when the browser comes back from it', async () => {
    await save();
    const begun = await api.request(`${base()}/authorization`, { token, json: {} });
    const start = await api.request(pathOf(begun.body.authorizationUrl), { cookie, headers: asBrowser });
    const outcome = await walkConsent(start.headers.get('location') ?? '', {
      email: seeded.companies[0]?.admin.email ?? '',
      decision: 'cancel',
    });
    if (outcome.kind !== 'callback') throw new Error(outcome.error);
    const cookies = `${cookie}; ${cookieOf(start)}`;
    const callback = await api.request(pathOf(outcome.url.href), { cookie: cookies, headers: asBrowser });
    expect(callback.headers.get('location')).toBe(`${portal()}?consent=${begun.body.requestId}`);
    const back = await open(callback.headers.get('location') ?? '');
    expect(back.text).toContain('The consent was declined at Google.');
  });

  it('asks before disconnecting and resetting', async () => {
    await save();
    await consent();
    expect((await open(`${portal()}/disconnect`)).text).toContain('Disconnect from Google');
    expect((await open(`${portal()}/reset`)).text).toContain('3 bindings');
    expect((await submit('/reset', { confirm: 'no' })).status).toBe(400);
    expect((await submit('/reset', { confirm: 'Reset' })).status).toBe(303);
  });

  it('is there at system level too, for mail only', async () => {
    const system = await api.signIn(await api.newAdministrator());
    const { status, text } = await api.request('/system/google-workspace', { cookie: system, headers: asBrowser });
    expect(status).toBe(200);
    expect(text).not.toContain('google-workspace/user-sync');
  });
});
