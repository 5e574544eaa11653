import { createHash, randomBytes } from 'node:crypto';
import type { SeededCompany } from '../tools/google-stand-in/index.ts';
import { walkConsent } from '../tools/google-stand-in/walk-consent.ts';

const SCOPE = 'https://www.googleapis.com/auth/admin.directory.user.readonly';

/** A token that reads the directory, got the way the plain scripts' author would: by consenting once. */
export const getAccessToken = async (google: string, { client, admin }: SeededCompany): Promise<string> => {
  const redirectUri = client.redirectUris[0] ?? '';
  const verifier = randomBytes(32).toString('base64url');
  const authorize = new URL('/o/oauth2/v2/auth', google);
  authorize.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirectUri,
    scope: SCOPE,
    state: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const consent = await walkConsent(authorize.href, { email: admin.email });
  if (consent.kind !== 'callback') throw new Error(`Google showed an error: ${consent.error}`);
  const answer = await fetch(new URL('/token', google), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: consent.url.searchParams.get('code') ?? '',
      client_id: client.clientId,
      client_secret: client.clientSecret,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (!token) throw new Error(`no token: ${answer.status}`);
  return token;
};
