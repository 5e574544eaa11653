import { createHash, timingSafeEqual } from 'node:crypto';
import { type Answer, formOf, json, type Request } from '../http/exchange.ts';
import type { World } from '../world.ts';
import type { OAuthClient } from './clients.ts';
import { type AuthorizationCode, expiredOrRevoked, type RefreshToken } from './grants.ts';
import { idToken } from './id-token.ts';
import { OAuthError } from './oauth-error.ts';

const codeLifetimeMs = 10 * 60_000;
const knownParameters = new Set([
  'client_id',
  'client_secret',
  'code',
  'code_verifier',
  'grant_type',
  'redirect_uri',
  'refresh_token',
  'scope',
]);

/** POST /token: authorization codes and refresh tokens for access tokens. */
export function answerToken(world: World, request: Request): Answer {
  const form = formOf(request);
  for (const name of new Set(form.keys())) {
    if (!knownParameters.has(name)) world.violate('request', request, `the token endpoint has no parameter ${name}`);
    if (form.getAll(name).length > 1)
      throw new OAuthError({
        status: 400,
        error: 'invalid_request',
        description: `Parameter not allowed more than once: ${name}`,
      });
  }
  const grantType = form.get('grant_type');
  if (!grantType) throw missing('grant_type');
  switch (grantType) {
    case 'authorization_code':
      return exchange(world, form, authenticate(world, request, form));
    case 'refresh_token':
      return refresh(world, form, authenticate(world, request, form));
    default:
      throw new OAuthError({
        status: 400,
        error: 'unsupported_grant_type',
        description: `Invalid grant_type: ${grantType}`,
      });
  }
}

function authenticate(world: World, request: Request, form: URLSearchParams): OAuthClient {
  const basic = /^Basic (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const [id, secret] = basic ? splitBasic(basic) : [form.get('client_id'), form.get('client_secret')];
  if (!id)
    throw new OAuthError({
      status: 400,
      error: 'invalid_request',
      description: 'Could not determine client ID from request.',
    });
  const client = world.clients.get(id);
  if (!client)
    throw new OAuthError({ status: 401, error: 'invalid_client', description: 'The OAuth client was not found.' });
  if (client.state === 'deleted')
    throw new OAuthError({ status: 401, error: 'deleted_client', description: 'The OAuth client was deleted.' });
  if (!secret)
    throw new OAuthError({ status: 400, error: 'invalid_request', description: 'client_secret is missing.' });
  if (!same(secret, client.clientSecret))
    throw new OAuthError({ status: 401, error: 'invalid_client', description: 'Unauthorized' });
  return client;
}

function exchange(world: World, form: URLSearchParams, client: OAuthClient): Answer {
  const text = form.get('code');
  if (!text) throw missing('code');
  const code = world.grants.codes.get(text);
  if (!code) throw invalidGrant('Malformed auth code.');
  if (code.used) {
    world.grants.undo(code);
    throw invalidGrant('Bad Request');
  }
  if (code.clientId !== client.clientId) throw invalidGrant('Bad Request');
  if (world.clock.now() - code.issuedAt > codeLifetimeMs) throw invalidGrant('Bad Request');
  const redirectUri = form.get('redirect_uri');
  if (!redirectUri) throw missing('redirect_uri');
  if (redirectUri !== code.redirectUri)
    throw new OAuthError({ status: 400, error: 'redirect_uri_mismatch', description: 'Bad Request' });
  checkVerifier(code, form.get('code_verifier'));
  const person = livePerson(world, code.accountId);

  code.used = true;
  const refreshToken = code.withRefreshToken
    ? world.grants.issueRefreshToken(client, person.id, code.scopes, code.incremental)
    : undefined;
  const answer = tokenAnswer(world, client, person.id, code.scopes, refreshToken, code.nonce);
  code.issued = { accessToken: answer.access_token, refreshToken: refreshToken?.token };
  return noStore({
    ...answer,
    ...(refreshToken && { refresh_token: refreshToken.token }),
    ...(refreshToken?.expiresAt !== undefined && {
      refresh_token_expires_in: Math.round((refreshToken.expiresAt - world.clock.now()) / 1000),
    }),
  });
}

function refresh(world: World, form: URLSearchParams, client: OAuthClient): Answer {
  const text = form.get('refresh_token');
  if (!text) throw missing('refresh_token');
  const token = world.grants.refreshTokens.get(text);
  if (!token) throw dead(expiredOrRevoked);
  if (token.clientId !== client.clientId)
    throw new OAuthError({ status: 401, error: 'unauthorized_client', description: 'Unauthorized' });
  const death = world.grants.deathOf(token);
  if (death) throw dead(death);
  const person = livePerson(world, token.accountId);
  if (world.companyOf(person)?.appAccess.get(client.clientId) === 'blocked') {
    throw new OAuthError({ status: 400, error: 'admin_policy_enforced', description: 'Bad Request' });
  }
  token.lastUsedAt = world.clock.now();
  return noStore({
    ...tokenAnswer(world, client, person.id, narrowed(token, form.get('scope')), token, undefined),
    ...(token.expiresAt !== undefined && {
      refresh_token_expires_in: Math.round((token.expiresAt - world.clock.now()) / 1000),
    }),
  });
}

function tokenAnswer(
  world: World,
  client: OAuthClient,
  accountId: string,
  scopes: string[],
  refreshToken: RefreshToken | undefined,
  nonce: string | undefined,
) {
  const lifetimeSeconds = world.settings.accessTokenLifetimeSeconds;
  const access = world.grants.issueAccessToken(
    { clientId: client.clientId, projectId: client.projectId, accountId, scopes, refreshToken: refreshToken?.token },
    lifetimeSeconds,
  );
  const person = world.person(accountId);
  return {
    access_token: access.token,
    expires_in: lifetimeSeconds,
    scope: scopes.join(' '),
    token_type: 'Bearer',
    ...(person &&
      scopes.includes('openid') && {
        id_token: idToken(world, person, { clientId: client.clientId, scopes, accessToken: access.token, nonce }),
      }),
  };
}

function narrowed(token: RefreshToken, scope: string | null): string[] {
  if (!scope) return token.scopes;
  const wanted = scope.split(' ').filter(Boolean);
  if (wanted.some((each) => !token.scopes.includes(each)))
    throw new OAuthError({ status: 400, error: 'invalid_scope', description: 'Bad Request' });
  return wanted;
}

function livePerson(world: World, accountId: string) {
  const person = world.person(accountId);
  if (!person) throw invalidGrant('Account has been deleted');
  if (person.suspended) throw invalidGrant('Account has been disabled');
  return person;
}

function checkVerifier(code: AuthorizationCode, verifier: string | null): void {
  if (!code.challenge) return;
  if (!verifier) throw invalidGrant('Missing code verifier.');
  const given = code.challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
  if (!same(given, code.challenge.value)) throw invalidGrant('Invalid code verifier.');
}

function splitBasic(basic: string): [string, string] {
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
  return [id, secret];
}

function same(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}

function missing(parameter: string): OAuthError {
  return new OAuthError({
    status: 400,
    error: 'invalid_request',
    description: `Missing required parameter: ${parameter}`,
  });
}

function invalidGrant(description: string): OAuthError {
  return new OAuthError({ status: 400, error: 'invalid_grant', description });
}

function dead({
  error,
  description,
  subtype,
  uri,
}: {
  error: string;
  description: string;
  subtype?: string;
  uri?: string;
}): OAuthError {
  return new OAuthError({ status: 400, error, description, ...(subtype && { subtype }), ...(uri && { uri }) });
}

function noStore(body: unknown): Answer {
  return json(200, body, { 'cache-control': 'no-cache, no-store, max-age=0, must-revalidate', pragma: 'no-cache' });
}
