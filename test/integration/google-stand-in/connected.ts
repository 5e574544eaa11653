import { createHash, randomBytes } from 'node:crypto';
import { auth as adminAuth, admin as createAdmin } from '@googleapis/admin';
import { OAuth2Client } from 'google-auth-library';
import {
  type GoogleStandIn,
  type SeededCompany,
  type StandInOptions,
  startGoogleStandIn,
  type WorldSeed,
  walkConsent,
} from '../../../tools/google-stand-in/index.ts';

export const redirectUri = 'http://localhost:3000/google/callback';
export const directoryScope = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
export const sendScope = 'https://www.googleapis.com/auth/gmail.send';

export type Seeded = GoogleStandIn & { acme: SeededCompany; borealis: SeededCompany };

export async function startSeeded(seed: WorldSeed = {}, options: StandInOptions = {}): Promise<Seeded> {
  const standIn = await startGoogleStandIn(options);
  const { companies } = await standIn.control.seed({ redirectUris: [redirectUri], ...seed });
  const [acme, borealis = acme] = companies;
  if (!acme || !borealis) throw new Error('no company was seeded');
  return { ...standIn, acme, borealis };
}

/** Google's own OAuth client, pointed at the stand-in. */
export function oauthClient(url: string, { client }: Pick<SeededCompany, 'client'>): OAuth2Client {
  return new OAuth2Client({
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    redirectUri,
    endpoints: {
      oauth2AuthBaseUrl: `${url}/o/oauth2/v2/auth`,
      oauth2TokenUrl: `${url}/token`,
      oauth2RevokeUrl: `${url}/revoke`,
      tokenInfoUrl: `${url}/tokeninfo`,
      oauth2FederatedSignonPemCertsUrl: `${url}/oauth2/v1/certs`,
      oauth2FederatedSignonJwkCertsUrl: `${url}/oauth2/v3/certs`,
    },
  });
}

export type Asked = {
  scopes?: string[];
  email?: string;
  untick?: string[];
  prompt?: string;
  nonce?: string;
  accessType?: 'online' | 'offline';
};

/** Consents as the company's administrator and exchanges the code, with PKCE and state. */
export async function connect(url: string, company: SeededCompany, asked: Asked = {}): Promise<OAuth2Client> {
  const oauth = oauthClient(url, company);
  const verifier = randomBytes(40).toString('base64url');
  const authorizationUrl = oauth.generateAuthUrl({
    access_type: asked.accessType ?? 'offline',
    scope: asked.scopes ?? ['openid', 'email', 'profile', directoryScope],
    state: 'state-1',
    prompt: asked.prompt ?? 'consent',
    ...(asked.nonce && { nonce: asked.nonce }),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256' as never,
  });
  const outcome = await walkConsent(authorizationUrl, {
    email: asked.email ?? company.admin.email,
    ...(asked.untick && { untick: asked.untick }),
  });
  if (outcome.kind !== 'callback') throw new Error(`consent ended with ${outcome.error}`);
  const { tokens } = await oauth.getToken({ code: outcome.url.searchParams.get('code') ?? '', codeVerifier: verifier });
  oauth.setCredentials(tokens);
  return oauth;
}

/** Google's Directory client with the credentials of a connected company. */
export function directoryOf(url: string, oauth: OAuth2Client) {
  const auth = new adminAuth.OAuth2();
  auth.setCredentials({ access_token: oauth.credentials.access_token ?? '' });
  return createAdmin({ version: 'directory_v1', auth, rootUrl: `${url}/`, retry: false });
}
