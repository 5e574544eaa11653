import { createPublicKey, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { walkConsent } from '../../../tools/google-stand-in/index.ts';
import {
  connect,
  directoryOf,
  directoryScope,
  oauthClient,
  redirectUri,
  type Seeded,
  sendScope,
  startSeeded,
} from './connected.ts';

let google: Seeded;

beforeAll(async () => {
  google = await startSeeded();
});
beforeEach(async () => {
  await google.control.reset();
  const { companies } = await google.control.seed({ redirectUris: [redirectUri] });
  Object.assign(google, { acme: companies[0], borealis: companies[1] });
});
afterEach(async () => {
  expect(await google.control.violations()).toEqual([]);
});
afterAll(() => google.close());

async function token(form: Record<string, string>): Promise<{ status: number; body: Record<string, string> }> {
  const response = await fetch(`${google.url}/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

function exchangeForm(code: string): Record<string, string> {
  const { clientId, clientSecret } = google.acme.client;
  return {
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: redirectUri,
    code,
  };
}

async function codeFor(scope = 'openid email', extra: Record<string, string> = {}): Promise<string> {
  const url = oauthClient(google.url, google.acme).generateAuthUrl({ scope, ...extra });
  const outcome = await walkConsent(url, { email: google.acme.admin.email });
  if (outcome.kind !== 'callback') throw new Error(outcome.error);
  return outcome.url.searchParams.get('code') ?? '';
}

describe('the code flow with Google’s own client', () => {
  test('ends in an ID token that verifyIdToken accepts, with hd, sub and nonce', async () => {
    const oauth = await connect(google.url, google.acme, { nonce: 'n-1' });
    const idToken = oauth.credentials.id_token ?? '';
    const ticket = await oauth.verifyIdToken({ idToken, audience: google.acme.client.clientId });
    const payload = ticket.getPayload();
    expect(payload).toMatchObject({
      iss: 'https://accounts.google.com',
      azp: google.acme.client.clientId,
      sub: google.acme.admin.id,
      hd: 'acme.example',
      email: google.acme.admin.email,
      email_verified: true,
      nonce: 'n-1',
    });
    expect(payload?.at_hash).toHaveLength(22);
  });

  test('publishes the same keys as JWKS and as X.509 certificates', async () => {
    const pems = (await (await fetch(`${google.url}/oauth2/v1/certs`)).json()) as Record<string, string>;
    const { keys } = (await (await fetch(`${google.url}/oauth2/v3/certs`)).json()) as {
      keys: { kid: string; n: string }[];
    };
    expect(keys.map(({ kid }) => kid)).toEqual(Object.keys(pems));
    for (const { kid, n } of keys) {
      const certificate = new X509Certificate(pems[kid] ?? '');
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(certificate.publicKey.export({ format: 'jwk' }).n).toBe(n);
      expect(createPublicKey(pems[kid] ?? '').asymmetricKeyType).toBe('rsa');
    }
  });

  test('rejects an ID token whose key was rotated away', async () => {
    const oauth = await connect(google.url, google.acme);
    await google.control.rotateKeys({ dropOld: true });
    const fresh = oauthClient(google.url, google.acme);
    const verified = fresh.verifyIdToken({
      idToken: oauth.credentials.id_token ?? '',
      audience: google.acme.client.clientId,
    });
    await expect(verified).rejects.toThrow('No pem found');
  });

  test('refreshes without giving another refresh token, and revokes everything at once', async () => {
    const oauth = await connect(google.url, google.acme);
    const before = oauth.credentials.access_token;
    const { credentials } = await oauth.refreshAccessToken();
    expect(credentials.access_token).not.toBe(before);
    const { clientId, clientSecret } = google.acme.client;
    const form = {
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: credentials.refresh_token ?? '',
    };
    expect((await token(form)).body).not.toHaveProperty('refresh_token');

    await oauth.revokeToken(credentials.access_token ?? '');
    expect(await token(form)).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    });
    await expect(oauth.revokeToken(credentials.access_token ?? '')).rejects.toMatchObject({
      response: { data: { error: 'invalid_token' } },
    });
  });

  test('tells what a token is good for', async () => {
    const oauth = await connect(google.url, google.acme);
    const info = await oauth.getTokenInfo(oauth.credentials.access_token ?? '');
    expect(info).toMatchObject({ aud: google.acme.client.clientId, sub: google.acme.admin.id, access_type: 'offline' });
    expect(info.scopes).toContain(directoryScope);
    const headers = { authorization: `Bearer ${oauth.credentials.access_token}` };
    const openId = await (await fetch(`${google.url}/v1/userinfo`, { headers })).json();
    const legacy = await (await fetch(`${google.url}/oauth2/v2/userinfo`, { headers })).json();
    expect(openId).toMatchObject({ sub: google.acme.admin.id, email_verified: true });
    expect(legacy).toMatchObject({ id: google.acme.admin.id, verified_email: true, hd: 'acme.example' });
  });
});

describe('the callback', () => {
  test('carries state, issuer, scopes and domain as Google does', async () => {
    const state = 'a b&c=д';
    const url = oauthClient(google.url, google.acme).generateAuthUrl({
      scope: 'openid email',
      state,
      prompt: 'consent',
    });
    const outcome = await walkConsent(url, { email: google.acme.user.email });
    if (outcome.kind !== 'callback') throw new Error(outcome.error);
    const query = Object.fromEntries(outcome.url.searchParams);
    expect(query).toMatchObject({
      state,
      iss: 'https://accounts.google.com',
      authuser: '0',
      hd: 'acme.example',
      prompt: 'consent',
    });
    expect(query.scope?.split(' ').sort()).toEqual([
      'email',
      'https://www.googleapis.com/auth/userinfo.email',
      'openid',
    ]);
  });

  test('says access_denied with the state when the person cancels', async () => {
    const url = oauthClient(google.url, google.acme).generateAuthUrl({ scope: 'openid', state: 's' });
    const outcome = await walkConsent(url, { email: google.acme.admin.email, decision: 'cancel' });
    if (outcome.kind !== 'callback') throw new Error(outcome.error);
    expect(outcome.url.searchParams.get('error')).toBe('access_denied');
    expect(outcome.url.searchParams.get('state')).toBe('s');
  });

  test('leaves out unticked scopes, but never those for signing in', async () => {
    const scopes = ['openid', 'email', directoryScope, sendScope];
    const oauth = await connect(google.url, google.acme, { scopes, untick: [sendScope, 'openid'] });
    expect(oauth.credentials.scope?.split(' ').sort()).toEqual(
      ['https://www.googleapis.com/auth/userinfo.email', directoryScope, 'openid'].sort(),
    );
  });

  test('skips picker and consent for a browser that granted before, and answers prompt=none', async () => {
    const client = oauthClient(google.url, google.acme);
    const first = await walkConsent(client.generateAuthUrl({ scope: 'openid' }), { email: google.acme.admin.email });
    if (first.kind !== 'callback') throw new Error(first.error);
    const again = await walkConsent(client.generateAuthUrl({ scope: 'openid' }), {
      email: 'nobody',
      cookies: first.cookies,
    });
    expect(again).toMatchObject({ kind: 'callback', sawConsent: false });
    const silently = await walkConsent(client.generateAuthUrl({ scope: `openid ${sendScope}`, prompt: 'none' }), {
      email: '',
      cookies: first.cookies,
    });
    const stranger = await walkConsent(client.generateAuthUrl({ scope: 'openid', prompt: 'none' }), { email: '' });
    if (silently.kind !== 'callback' || stranger.kind !== 'callback') throw new Error('prompt=none showed a page');
    expect(silently.url.searchParams.get('error')).toBe('consent_required');
    expect(stranger.url.searchParams.get('error')).toBe('login_required');
  });

  test('gives a refresh token the first time and with prompt=consent only', async () => {
    const withoutPrompt = { prompt: '', accessType: 'offline' } as const;
    expect((await connect(google.url, google.acme, withoutPrompt)).credentials.refresh_token).toMatch(/^1\/\//);
    expect((await connect(google.url, google.acme, withoutPrompt)).credentials.refresh_token).toBeUndefined();
    expect((await connect(google.url, google.acme)).credentials.refresh_token).toMatch(/^1\/\//);
    expect(
      (await connect(google.url, google.acme, { accessType: 'online' })).credentials.refresh_token,
    ).toBeUndefined();
  });
});

describe('Google’s own error pages', () => {
  const scope = 'openid';

  test.each([
    ['a redirect URI that differs by a slash', { redirect_uri: `${redirectUri}/` }, 400, 'redirect_uri_mismatch'],
    ['an unknown client', { client_id: '1-x.apps.googleusercontent.com' }, 401, 'invalid_client'],
    ['a scope that does not exist', { scope: 'openid https://www.googleapis.com/auth/none' }, 400, 'invalid_scope'],
    ['a wrong prompt', { prompt: 'login' }, 400, 'invalid_request'],
    ['a token response type', { response_type: 'token' }, 400, 'unsupported_response_type'],
  ])('%s', async (_, change, status, error) => {
    const url = new URL(oauthClient(google.url, google.acme).generateAuthUrl({ scope }));
    for (const [name, value] of Object.entries(change)) url.searchParams.set(name, String(value));
    expect(await walkConsent(url.href, { email: google.acme.admin.email })).toMatchObject({
      kind: 'error-page',
      status,
      error,
    });
  });

  test('stop people of other organizations at an internal client', async () => {
    const url = oauthClient(google.url, google.acme).generateAuthUrl({ scope });
    for (const email of [google.borealis.admin.email, 'pat.private@consumer.example']) {
      expect(await walkConsent(url, { email })).toMatchObject({
        kind: 'error-page',
        status: 403,
        error: 'org_internal',
      });
    }
  });

  test('stop an app that an administrator blocked, and its refresh as well', async () => {
    const oauth = await connect(google.url, google.acme);
    const { clientId } = google.acme.client;
    await google.control.setAppAccess({ domain: 'acme.example', clientId, access: 'blocked' });
    const outcome = await walkConsent(oauth.generateAuthUrl({ scope }), { email: google.acme.admin.email });
    expect(outcome).toMatchObject({ kind: 'error-page', error: 'admin_policy_enforced' });
    await expect(oauth.refreshAccessToken()).rejects.toMatchObject({
      response: { data: { error: 'admin_policy_enforced' } },
    });
  });

  test('admit only test users while an external app is being tested, for seven days', async () => {
    const { clientId } = google.acme.client;
    const testUsers = [google.borealis.admin.email];
    await google.control.changeClient({
      clientId,
      change: { userType: 'external', publishingStatus: 'testing', testUsers },
    });
    const url = oauthClient(google.url, google.acme).generateAuthUrl({ scope });
    expect(await walkConsent(url, { email: google.acme.admin.email })).toMatchObject({
      kind: 'error-page',
      error: 'access_denied',
    });

    const oauth = await connect(google.url, google.acme, { email: google.borealis.admin.email });
    expect(oauth.credentials).toMatchObject({ refresh_token_expires_in: 7 * 86_400 });
    await google.control.setClockSkew({ skewMs: 7 * 86_400_000 });
    await expect(oauth.refreshAccessToken()).rejects.toMatchObject({ response: { data: { error: 'invalid_grant' } } });
  });
});

describe('the token endpoint', () => {
  test('takes a code once; coming again undoes the first exchange', async () => {
    const code = await codeFor();
    const first = await token(exchangeForm(code));
    expect(first.status).toBe(200);
    expect(await token(exchangeForm(code))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    const info = await fetch(`${google.url}/tokeninfo?access_token=${first.body.access_token}`);
    expect(info.status).toBe(400);
  });

  test('wants the verifier of the challenge', async () => {
    const challenge = { code_challenge: 'A'.repeat(43), code_challenge_method: 'S256' };
    const form = exchangeForm(await codeFor('openid', challenge));
    expect((await token(form)).body).toMatchObject({
      error: 'invalid_grant',
      error_description: 'Missing code verifier.',
    });
    expect((await token({ ...form, code_verifier: 'x'.repeat(43) })).body.error_description).toBe(
      'Invalid code verifier.',
    );
  });

  test.each([
    ['another redirect URI', { redirect_uri: 'http://localhost:3000/' }, 400, 'redirect_uri_mismatch', 'Bad Request'],
    ['a wrong secret', { client_secret: 'GOCSPX-wrong' }, 401, 'invalid_client', 'Unauthorized'],
    ['an unknown client', { client_id: 'x' }, 401, 'invalid_client', 'The OAuth client was not found.'],
    ['a made-up code', { code: '4/0Anothing' }, 400, 'invalid_grant', 'Malformed auth code.'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 'Invalid grant_type: password'],
  ])('refuses %s', async (_, change, status, error, description) => {
    const form = { ...exchangeForm(await codeFor()), ...(change as Record<string, string>) };
    expect(await token(form)).toEqual({ status, body: { error, error_description: description } });
  });

  test('refuses a code after ten minutes', async () => {
    const code = await codeFor();
    await google.control.setClockSkew({ skewMs: 10 * 60_000 + 1_000 });
    expect(await token(exchangeForm(code))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('tells session control from a revoked grant by the subtype', async () => {
    const oauth = await connect(google.url, google.acme);
    await google.control.endRefreshTokens({ how: 'invalid_rapt' });
    await expect(oauth.refreshAccessToken()).rejects.toMatchObject({
      response: { status: 400, data: { error: 'invalid_grant', error_subtype: 'invalid_rapt' } },
    });
  });

  test('drops the oldest refresh token beyond one hundred', async () => {
    const { clientId } = google.acme.client;
    const first = await connect(google.url, google.acme);
    for (let index = 0; index < 100; index += 1) await connect(google.url, google.acme);
    expect(await google.control.refreshTokens({ clientId })).toHaveLength(100);
    await expect(first.refreshAccessToken()).rejects.toMatchObject({ response: { data: { error: 'invalid_grant' } } });
  });

  test('ends grants that cover mail with a new password, and those of a deleted person', async () => {
    const mail = await connect(google.url, google.acme, { scopes: ['openid', sendScope] });
    const directory = await connect(google.url, google.acme);
    expect(await google.control.changePassword({ person: google.acme.admin.email })).toBe(1);
    await expect(mail.refreshAccessToken()).rejects.toMatchObject({ response: { data: { error: 'invalid_grant' } } });
    await directory.refreshAccessToken();
    await google.control.deletePerson({ person: google.acme.admin.email });
    await expect(directory.refreshAccessToken()).rejects.toMatchObject({
      response: { data: { error: 'invalid_grant', error_description: 'Account has been deleted' } },
    });
  });

  test('answers 401 with authError once access tokens have expired', async () => {
    const oauth = await connect(google.url, google.acme);
    await google.control.expireAccessTokens();
    await expect(directoryOf(google.url, oauth).users.list({ customer: 'my_customer' })).rejects.toMatchObject({
      status: 401,
      response: { data: { error: { errors: [{ reason: 'authError', message: 'Invalid Credentials' }] } } },
    });
  });
});

test('the pages hold in a browser without script: labelled controls, escaped names, no code from elsewhere', async () => {
  await google.control.changeClient({ clientId: google.acme.client.clientId, change: { name: '<b>PBX</b>' } });
  const page = await fetch(oauthClient(google.url, google.acme).generateAuthUrl({ scope: 'openid' }));
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(html).toContain('&lt;b&gt;PBX&lt;/b&gt;');
  expect(html).toContain('<label for="email">');
  expect(html).not.toMatch(/<script|<b>PBX/);
});

test('an unknown parameter is a violation', async () => {
  await fetch(`${oauthClient(google.url, google.acme).generateAuthUrl({ scope: 'openid' })}&approval_prompt=force`);
  expect(await google.control.violations()).toEqual([
    expect.objectContaining({ side: 'request', problem: expect.stringContaining('approval_prompt') }),
  ]);
  await google.control.clearViolations();
});
