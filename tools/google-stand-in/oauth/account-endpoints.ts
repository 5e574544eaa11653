import { ApiError } from '../api/api-error.ts';
import { type Answer, bearerOf, formOf, json, type Request } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { claimsOf } from './id-token.ts';
import { OAuthError } from './oauth-error.ts';

/** POST /revoke: `token` in the body or the query, no client authentication. */
export function answerRevoke(world: World, request: Request): Answer {
  const token = formOf(request).get('token') ?? request.query.get('token');
  if (!token)
    throw new OAuthError({ status: 400, error: 'invalid_request', description: 'Missing required parameter: token' });
  const held = world.grants.refreshTokens.get(token);
  if ((held && world.grants.deathOf(held)) || !world.grants.revoke(token)) {
    throw new OAuthError({ status: 400, error: 'invalid_token', description: 'Token expired or revoked' });
  }
  return json(200, {});
}

/** /tokeninfo: what an access token is good for. Numbers and flags are strings here. */
export function answerTokenInfo(world: World, request: Request): Answer {
  const text = request.query.get('access_token') ?? formOf(request).get('access_token') ?? bearerOf(request);
  const token = world.grants.liveAccessToken(text ?? '');
  const person = token && world.person(token.accountId);
  if (!token || !person) throw new OAuthError({ status: 400, error: 'invalid_token', description: 'Invalid Value' });
  const { email } = claimsOf(world, person, token.scopes);
  return json(200, {
    azp: token.clientId,
    aud: token.clientId,
    ...(token.scopes.includes('openid') && { sub: person.id }),
    scope: token.scopes.join(' '),
    exp: String(Math.floor(token.expiresAt / 1000)),
    expires_in: String(Math.floor((token.expiresAt - world.clock.now()) / 1000)),
    ...(email !== undefined && { email, email_verified: 'true' }),
    access_type: token.refreshToken ? 'offline' : 'online',
  });
}

/** /v1/userinfo of OpenID Connect. */
export function answerOpenIdUserInfo(world: World, request: Request): Answer {
  const token = world.grants.liveAccessToken(bearerOf(request) ?? request.query.get('access_token') ?? '');
  const person = token && world.person(token.accountId);
  if (!token || !person || person.suspended) {
    throw new OAuthError({ status: 401, error: 'invalid_request', description: 'Invalid Credentials' });
  }
  if (!token.scopes.includes('openid')) {
    throw new ApiError({
      status: 403,
      reason: 'insufficientPermissions',
      message: 'Request had insufficient authentication scopes.',
    });
  }
  return json(200, claimsOf(world, person, token.scopes));
}
