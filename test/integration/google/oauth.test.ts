import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { codeChallengeOf } from '../../../src/authorization/one-time-values.ts';
import { createGoogleOAuth, type GoogleOAuth, type OAuthClient } from '../../../src/google/oauth.ts';
import { SCOPES } from '../../../src/google/scopes.ts';
import { type GoogleStandIn, startGoogleStandIn, walkConsent } from '../../../tools/google-stand-in/index.ts';
import { endpointsAt } from '../../support/in-line-authorization.ts';

const REDIRECT_URI = 'http://localhost:3000/google/callback';

let google: GoogleStandIn;
let oauth: GoogleOAuth;
let client: OAuthClient;
let email: string;
let other: OAuthClient;

beforeAll(async () => {
  google = await startGoogleStandIn();
});
afterAll(() => google.close());
beforeEach(async () => {
  await google.control.reset();
  const { companies } = await google.control.seed({ redirectUris: [REDIRECT_URI] });
  const [acme, borealis] = companies;
  if (!acme || !borealis) throw new Error('no companies');
  client = acme.client;
  email = acme.admin.email;
  other = borealis.client;
  oauth = createGoogleOAuth(endpointsAt(google.url));
});
afterEach(async () => {
  expect(await google.control.violations()).toEqual([]);
});

const code = (expected: string) => expect.objectContaining({ code: expected });

const consent = async (nonce: string, scopes: readonly string[] = Object.values(SCOPES)) => {
  const codeVerifier = randomBytes(32).toString('base64url');
  const outcome = await walkConsent(
    oauth.authorizationUrl({
      clientId: client.clientId,
      redirectUri: REDIRECT_URI,
      state: 'consent.x',
      codeChallenge: codeChallengeOf(codeVerifier),
      nonce,
      scopes,
    }),
    { email },
  );
  if (outcome.kind !== 'callback') throw new Error(outcome.error);
  return { client, code: outcome.url.searchParams.get('code') ?? '', codeVerifier, redirectUri: REDIRECT_URI };
};

const idTokenFor = async (nonce: string): Promise<string> =>
  (await oauth.exchangeCode(await consent(nonce))).idToken ?? '';

describe('the exchange', () => {
  it('brings tokens, their life and the granted scopes under their long names', async () => {
    const answer = await oauth.exchangeCode(await consent('n'));
    expect(answer).toMatchObject({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      idToken: expect.any(String),
      scopes: Object.values(SCOPES).sort(),
    });
    expect(answer.expiresInMs).toBeGreaterThan(3_590_000);
    expect(answer.expiresInMs).toBeLessThanOrEqual(3_599_000);
  });

  it.each([
    ['a code that was used', (asked: Asked) => oauth.exchangeCode(asked).then(() => asked), 'GOOGLE_CODE_REJECTED'],
    ['another verifier', async (asked: Asked) => ({ ...asked, codeVerifier: 'x'.repeat(43) }), 'GOOGLE_CODE_REJECTED'],
    [
      'another redirect URI',
      async (asked: Asked) => ({ ...asked, redirectUri: 'http://localhost:3000/other' }),
      'GOOGLE_REDIRECT_URI_MISMATCH',
    ],
    [
      'the wrong secret',
      async (asked: Asked) => ({ ...asked, client: { ...client, clientSecret: 'wrong' } }),
      'GOOGLE_CLIENT_REJECTED',
    ],
  ])('refuses %s', async (_what, spoil, expected) => {
    const spoiled = await spoil(await consent('n'));
    await expect(oauth.exchangeCode(spoiled)).rejects.toEqual(code(expected));
  });

  it('is sent once, whatever comes back', async () => {
    for (const kind of ['lose-answer', 'drop-before-answer'] as const) {
      await google.control.clearRequests();
      await google.control.addFault({ pathPrefix: '/token', kind, count: 5 });
      await expect(oauth.exchangeCode(await consent('n'))).rejects.toEqual(code('AUTHORIZATION_ANSWER_LOST'));
      expect(await google.control.requests({ pathPrefix: '/token' })).toHaveLength(1);
      await google.control.clearFaults();
    }
  });

  it('is not lost when Google was never reached', async () => {
    const asked = await consent('n');
    const nowhere = createGoogleOAuth(endpointsAt('http://127.0.0.1:9'));
    await expect(nowhere.exchangeCode(asked)).rejects.toEqual(code('GOOGLE_UNAVAILABLE'));
  });

  it('gives up on a Google that does not answer', async () => {
    const asked = await consent('n');
    const impatient = createGoogleOAuth(endpointsAt(google.url), { timeoutMs: 100 });
    await google.control.addFault({ pathPrefix: '/token', kind: 'delay', delayMs: 1_000, count: 1 });
    await expect(impatient.exchangeCode(asked)).rejects.toEqual(code('AUTHORIZATION_ANSWER_LOST'));
  });
});

type Asked = Awaited<ReturnType<typeof consent>>;

describe('a refresh', () => {
  it('brings a new access token and no refresh token', async () => {
    const { refreshToken = '', accessToken } = await oauth.exchangeCode(await consent('n'));
    const renewed = await oauth.refresh({ client, refreshToken });
    expect(renewed.refreshToken).toBeUndefined();
    expect(renewed.accessToken).not.toBe(accessToken);
  });

  it('is sent once when Google cannot answer', async () => {
    const { refreshToken = '' } = await oauth.exchangeCode(await consent('n'));
    await google.control.clearRequests();
    await google.control.addFault({
      pathPrefix: '/token',
      kind: 'error',
      status: 503,
      reason: 'internal_failure',
      message: 'Busy',
    });
    await expect(oauth.refresh({ client, refreshToken })).rejects.toEqual(code('GOOGLE_UNAVAILABLE'));
    expect(await google.control.requests({ pathPrefix: '/token' })).toHaveLength(1);
  });
});

describe('revoking', () => {
  it('ends the access, and takes one that is gone for done', async () => {
    const { refreshToken = '' } = await oauth.exchangeCode(await consent('n'));
    await oauth.revoke(refreshToken);
    await expect(oauth.refresh({ client, refreshToken })).rejects.toEqual(code('GRANT_REVOKED'));
    await expect(oauth.revoke(refreshToken)).resolves.toBeUndefined();
    await expect(oauth.revoke('never-there')).resolves.toBeUndefined();
  });
});

describe('an ID token', () => {
  const verify = (idToken: string, change: Partial<Parameters<GoogleOAuth['verifyIdToken']>[0]> = {}) =>
    oauth.verifyIdToken({ idToken, clientId: client.clientId, nonce: 'n', ...change });
  const tamper = (idToken: string, change: Record<string, unknown>): string => {
    const [header, payload, signature] = idToken.split('.');
    const claims = { ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), ...change };
    return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  };

  it('tells who consented, and for which company', async () => {
    expect(await verify(await idTokenFor('n'))).toMatchObject({
      googleId: (await google.control.person({ person: email })).id,
      email,
      hostedDomain: 'acme.example',
    });
  });

  it('is refused with another nonce, for another client, or from another company', async () => {
    const idToken = await idTokenFor('n');
    await expect(verify(idToken, { nonce: 'm' })).rejects.toEqual(code('GOOGLE_IDENTITY_INVALID'));
    await expect(verify(idToken, { clientId: other.clientId })).rejects.toEqual(code('GOOGLE_IDENTITY_INVALID'));
    await expect(verify(idToken, { hostedDomain: 'borealis.example' })).rejects.toEqual(code('GOOGLE_OTHER_COMPANY'));
    await expect(verify(idToken, { hostedDomain: 'ACME.example' })).resolves.toBeTruthy();
  });

  it.each(['', 'a.b.c', 'not a token'])('is refused when it is none: “%s”', async (idToken) => {
    await expect(verify(idToken)).rejects.toEqual(code('GOOGLE_IDENTITY_INVALID'));
  });

  it('is refused when a claim was changed after signing', async () => {
    const idToken = await idTokenFor('n');
    for (const change of [{ hd: 'evil.example' }, { sub: '1' }, { email_verified: true, email: 'eve@evil.example' }]) {
      await expect(verify(tamper(idToken, change))).rejects.toEqual(code('GOOGLE_IDENTITY_INVALID'));
    }
  });

  it('is refused without a signature', async () => {
    const [, payload] = (await idTokenFor('n')).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: 'x' })).toString('base64url');
    await expect(verify(`${header}.${payload}.`)).rejects.toEqual(code('GOOGLE_IDENTITY_INVALID'));
  });

  it('is refused when its time is over, or when somebody else issued it', async () => {
    await google.control.setClockSkew({ skewMs: -2 * 60 * 60_000 });
    const old = await idTokenFor('n');
    await google.control.setClockSkew({ skewMs: 0 });
    await expect(verify(old)).rejects.toEqual(code('GOOGLE_IDENTITY_INVALID'));
    await google.control.changeSettings({ issuer: 'https://evil.example' });
    await expect(verify(await idTokenFor('n'))).rejects.toEqual(code('GOOGLE_IDENTITY_INVALID'));
  });

  it('of a key that came after the certificates were kept is checked against new ones', async () => {
    await verify(await idTokenFor('n'));
    await google.control.rotateKeys({ dropOld: true });
    await expect(verify(await idTokenFor('n'))).resolves.toBeTruthy();
  });

  it('waits when the certificates cannot be read: that says nothing about the token', async () => {
    const idToken = await idTokenFor('n');
    await google.control.addFault({
      pathPrefix: '/oauth2/v1/certs',
      kind: 'error',
      status: 503,
      reason: 'backendError',
      message: 'Busy',
    });
    await expect(verify(idToken)).rejects.toEqual(code('GOOGLE_UNAVAILABLE'));
    expect(await google.control.requests({ pathPrefix: '/oauth2/v1/certs' })).toHaveLength(1);
  });

  it('is never repeated in an error', async () => {
    const idToken = tamper(await idTokenFor('n'), { sub: '1' });
    const error = (await verify(idToken).catch((thrown: unknown) => thrown)) as Error;
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain(idToken.slice(0, 40));
  });
});
