import { randomBytes } from 'node:crypto';
import type { World } from '../world.ts';
import type { OAuthClient } from './clients.ts';
import { normalizeScopes } from './scopes.ts';

/** A checked request of GET /o/oauth2/v2/auth, kept while the person answers the pages. */
export type AuthorizationRequest = {
  id: string;
  client: OAuthClient;
  redirectUri: string;
  scopes: string[];
  state: string | undefined;
  nonce: string | undefined;
  prompts: string[];
  loginHint: string | undefined;
  hd: string | undefined;
  offline: boolean;
  includeGranted: boolean;
  challenge: { value: string; method: 'plain' | 'S256' } | undefined;
  createdAt: number;
  accountId: string | undefined;
};

/** What Google's own error page says; the browser is never sent back to the app. */
export class AuthorizationError extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, message: string) {
    super(message);
    this.status = status;
    this.error = error;
  }
}

const knownParameters = new Set(
  'client_id redirect_uri response_type scope access_type state include_granted_scopes enable_granular_consent login_hint prompt nonce hd hl code_challenge code_challenge_method response_mode display authuser'.split(
    ' ',
  ),
);
const knownPrompts = new Set(['none', 'consent', 'select_account']);

/** Checks the parameters as Google does; throws {@link AuthorizationError}. */
export function parseAuthorization(
  world: World,
  query: URLSearchParams,
  unknown: (name: string) => void,
): AuthorizationRequest {
  for (const name of new Set(query.keys())) {
    if (!knownParameters.has(name)) unknown(name);
    if (query.getAll(name).length > 1) throw invalid(`Parameter not allowed more than once: ${name}`);
  }
  const clientId = required(query, 'client_id');
  const client = world.clients.get(clientId);
  if (!client) throw new AuthorizationError(401, 'invalid_client', 'The OAuth client was not found.');
  if (client.state === 'deleted') throw new AuthorizationError(401, 'deleted_client', 'The OAuth client was deleted.');
  const redirectUri = required(query, 'redirect_uri');
  if (!client.redirectUris.includes(redirectUri)) {
    throw new AuthorizationError(
      400,
      'redirect_uri_mismatch',
      `The redirect URI in the request, ${redirectUri}, does not match the ones authorized for the OAuth client.`,
    );
  }
  if (required(query, 'response_type') !== 'code') {
    throw new AuthorizationError(
      400,
      'unsupported_response_type',
      `Invalid response_type: ${query.get('response_type')}`,
    );
  }
  if ((query.get('response_mode') ?? 'query') !== 'query')
    throw invalid(`Unsupported response_mode: ${query.get('response_mode')}`);
  return {
    id: randomBytes(18).toString('base64url'),
    client,
    redirectUri,
    scopes: scopesOf(world, required(query, 'scope')),
    state: query.get('state') ?? undefined,
    nonce: query.get('nonce') ?? undefined,
    prompts: promptsOf(query),
    loginHint: query.get('login_hint') || undefined,
    hd: query.get('hd') || undefined,
    offline: oneOf(query, 'access_type', ['online', 'offline']) === 'offline',
    includeGranted: oneOf(query, 'include_granted_scopes', ['false', 'true']) === 'true',
    challenge: challengeOf(query),
    createdAt: world.clock.now(),
    accountId: undefined,
  };
}

function scopesOf(world: World, text: string): string[] {
  const asked = text.split(/\s+/).filter(Boolean);
  const wrong = asked.filter((scope) => !world.discovery.scopes.has(scope));
  if (wrong.length > 0) {
    const valid = asked.filter((scope) => world.discovery.scopes.has(scope));
    throw new AuthorizationError(
      400,
      'invalid_scope',
      `Some requested scopes were invalid. {valid=[${valid.join(', ')}], invalid=[${wrong.join(', ')}]}`,
    );
  }
  return normalizeScopes(text);
}

function promptsOf(query: URLSearchParams): string[] {
  const prompts = (query.get('prompt') ?? '').split(' ').filter(Boolean);
  const wrong = prompts.find((prompt) => !knownPrompts.has(prompt));
  if (wrong) throw invalid(`Invalid parameter value for prompt: Invalid prompt: ${wrong}`);
  if (prompts.includes('none') && prompts.length > 1)
    throw invalid('Invalid parameter value for prompt: none cannot be combined');
  return prompts;
}

function challengeOf(query: URLSearchParams): AuthorizationRequest['challenge'] {
  const value = query.get('code_challenge');
  if (!value) {
    if (query.has('code_challenge_method')) throw invalid('Missing required parameter: code_challenge');
    return undefined;
  }
  const method = query.get('code_challenge_method') ?? 'plain';
  if (method !== 'plain' && method !== 'S256')
    throw invalid(`Invalid parameter value for code_challenge_method: ${method}`);
  if (!/^[\w.~-]{43,128}$/.test(value))
    throw invalid('Invalid code_challenge: must be 43 to 128 unreserved characters');
  return { value, method };
}

function oneOf(query: URLSearchParams, name: string, allowed: string[]): string | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!allowed.includes(value)) throw invalid(`Invalid parameter value for ${name}: ${value}`);
  return value;
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (!value) throw invalid(`Required parameter is missing: ${name}`);
  return value;
}

function invalid(message: string): AuthorizationError {
  return new AuthorizationError(400, 'invalid_request', message);
}
