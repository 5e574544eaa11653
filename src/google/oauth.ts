import { CodeChallengeMethod, type Credentials, OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import type { GoogleEndpoints } from '../config.ts';
import { googleError, isAnswerLost, toAppError } from './errors.ts';
import { createIdTokenVerifier, type GoogleIdentity, type VerifyIdToken } from './id-token.ts';
import { OneTry } from './one-try.ts';
import { parseScopes } from './scopes.ts';

const REQUEST_TIMEOUT_MS = 20_000;

/** What Google's "OAuth client" page shows. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface AuthorizationUrl {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  /** base64url(sha256(verifier)) */
  readonly codeChallenge: string;
  readonly nonce: string;
  readonly scopes: readonly string[];
  /** Preselects the account; an e-mail or a Google id. */
  readonly loginHint?: string | undefined;
}

export interface ExchangeCode {
  readonly client: OAuthClient;
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly signal?: AbortSignal | undefined;
}

export interface RefreshToken {
  readonly client: OAuthClient;
  readonly refreshToken: string;
  readonly signal?: AbortSignal | undefined;
}

/** What the token endpoint answered. Times are milliseconds from now. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly expiresInMs: number;
  /** Absent on a refresh: the stored one stays good. */
  readonly refreshToken: string | undefined;
  /** Only when the refresh token itself has an end (time-based access, an app in testing). */
  readonly refreshTokenExpiresInMs: number | undefined;
  /** Under their long names, sorted. */
  readonly scopes: readonly string[];
  readonly idToken: string | undefined;
}

export interface GoogleOAuth {
  /** Who signs Google's answers: the `iss` of ID tokens and of the redirect back. */
  readonly issuers: readonly string[];
  authorizationUrl(request: AuthorizationUrl): string;
  /**
   * Sends a one-time code, once.
   *
   * @throws AppError AUTHORIZATION_ANSWER_LOST when it may have been redeemed and nobody knows; GOOGLE_UNAVAILABLE when
   * it certainly was not; GOOGLE_CODE_REJECTED, GOOGLE_CLIENT_REJECTED, GOOGLE_REDIRECT_URI_MISMATCH, …
   */
  exchangeCode(request: ExchangeCode): Promise<TokenAnswer>;
  /** @throws AppError of kind `unauthorized` when the grant is over, `transient` or `throttled` when it is not */
  refresh(request: RefreshToken): Promise<TokenAnswer>;
  /** Ends everything the token's account granted to this app. A token that is gone already is as good as revoked. */
  revoke(token: string, signal?: AbortSignal): Promise<void>;
  /** @throws AppError GOOGLE_IDENTITY_INVALID, GOOGLE_CONSUMER_ACCOUNT, GOOGLE_OTHER_COMPANY, GOOGLE_UNAVAILABLE */
  verifyIdToken(request: VerifyIdToken): Promise<GoogleIdentity>;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1).max(4096),
  expiry_date: z.number(),
  refresh_token: z.string().min(1).max(4096).optional(),
  refresh_token_expires_in: z.number().positive().optional(),
  scope: z.string().default(''),
  token_type: z.string().regex(/^bearer$/i),
  id_token: z.string().min(1).optional(),
});

const readTokens = (tokens: Credentials): TokenAnswer | undefined => {
  const parsed = tokenAnswer.safeParse(tokens);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  return {
    accessToken: data.access_token,
    expiresInMs: Math.max(data.expiry_date - Date.now(), 0),
    refreshToken: data.refresh_token,
    refreshTokenExpiresInMs: data.refresh_token_expires_in && data.refresh_token_expires_in * 1000,
    scopes: parseScopes(data.scope),
    idToken: data.id_token,
  };
};

/** OAuth 2.0 and OpenID Connect with Google, over google-auth-library, at the endpoints of the configuration. */
export const createGoogleOAuth = (
  endpoints: GoogleEndpoints,
  { timeoutMs = REQUEST_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): GoogleOAuth => {
  const urls = {
    oauth2AuthBaseUrl: `${endpoints.accounts}/o/oauth2/v2/auth`,
    oauth2TokenUrl: `${endpoints.oauth}/token`,
    oauth2RevokeUrl: `${endpoints.oauth}/revoke`,
    oauth2FederatedSignonPemCertsUrl: `${endpoints.apis}/oauth2/v1/certs`,
    oauth2FederatedSignonJwkCertsUrl: `${endpoints.apis}/oauth2/v3/certs`,
    tokenInfoUrl: `${endpoints.oauth}/tokeninfo`,
  };
  const issuers = [...new Set(['https://accounts.google.com', 'accounts.google.com', endpoints.accounts])];
  const transport = (signal?: AbortSignal) => new OneTry(timeoutMs, signal);
  const clientFor = ({ clientId, clientSecret }: OAuthClient, signal?: AbortSignal) =>
    new OAuth2Client({ clientId, clientSecret, endpoints: urls, transporter: transport(signal) });
  const openVerifier = () => new OAuth2Client({ endpoints: urls, issuers, transporter: transport() });

  return {
    issuers,

    authorizationUrl: ({ clientId, redirectUri, state, codeChallenge, nonce, scopes, loginHint }) =>
      new OAuth2Client({ clientId, redirectUri, endpoints: urls }).generateAuthUrl({
        access_type: 'offline',
        prompt: 'consent',
        include_granted_scopes: false,
        scope: [...scopes],
        state,
        nonce,
        code_challenge: codeChallenge,
        code_challenge_method: CodeChallengeMethod.S256,
        ...(loginHint && { login_hint: loginHint }),
      }),

    async exchangeCode({ client, code, codeVerifier, redirectUri, signal }) {
      try {
        const { tokens } = await clientFor(client, signal).getToken({ code, codeVerifier, redirect_uri: redirectUri });
        const answer = readTokens(tokens);
        if (!answer) throw googleError('AUTHORIZATION_ANSWER_LOST');
        return answer;
      } catch (error) {
        throw isAnswerLost(error) ? googleError('AUTHORIZATION_ANSWER_LOST') : toAppError(error, { door: 'exchange' });
      }
    },

    async refresh({ client, refreshToken, signal }) {
      try {
        const oauth = clientFor(client, signal);
        oauth.setCredentials({ refresh_token: refreshToken });
        const { credentials } = await oauth.refreshAccessToken();
        const answer = readTokens(credentials);
        if (!answer) throw googleError('GOOGLE_ANSWER_INVALID');
        return { ...answer, refreshToken: answer.refreshToken === refreshToken ? undefined : answer.refreshToken };
      } catch (error) {
        throw toAppError(error, { door: 'refresh' });
      }
    },

    async revoke(token, signal) {
      // By hand: the library puts the token into the URL, where logs keep it.
      const answer = await transport(signal)
        .request<{ error?: string }>({
          method: 'POST',
          url: urls.oauth2RevokeUrl,
          data: new URLSearchParams({ token }),
          responseType: 'json',
          validateStatus: (status) => status < 300 || status === 400,
        })
        .catch((error: unknown) => {
          throw toAppError(error, { door: 'refresh' });
        });
      const isGone = answer.status < 300 || ['invalid_token', 'invalid_grant'].includes(answer.data?.error ?? '');
      if (!isGone) throw googleError('GOOGLE_REQUEST_REJECTED');
    },

    verifyIdToken: createIdTokenVerifier(openVerifier, issuers),
  };
};
