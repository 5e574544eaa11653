import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { OAuthClient } from './clients.ts';

export type Death = { error: string; description: string; subtype?: string; uri?: string };

export type AccessToken = {
  token: string;
  clientId: string;
  projectId: string;
  accountId: string;
  scopes: string[];
  expiresAt: number;
  refreshToken: string | undefined;
};

export type RefreshToken = {
  token: string;
  clientId: string;
  projectId: string;
  accountId: string;
  scopes: string[];
  /** Covers everything granted to the project, so revoking it revokes all of that. */
  incremental: boolean;
  issuedAt: number;
  lastUsedAt: number;
  expiresAt: number | undefined;
  death: Death | undefined;
};

export type AuthorizationCode = {
  code: string;
  clientId: string;
  accountId: string;
  redirectUri: string;
  scopes: string[];
  incremental: boolean;
  nonce: string | undefined;
  challenge: { value: string; method: 'plain' | 'S256' } | undefined;
  withRefreshToken: boolean;
  issuedAt: number;
  used: boolean;
  /** What it was exchanged for; a replay takes that away. */
  issued: { accessToken: string; refreshToken: string | undefined } | undefined;
};

/** What accounts granted and to whom, as plain data: enough for an app to go on after a restart of the stand-in. */
export type SavedGrants = {
  accessTokens: AccessToken[];
  refreshTokens: RefreshToken[];
  consents: [key: string, scopes: string[]][];
};

const refreshTokensPerClient = 100;
const unusedForMs = 180 * 24 * 3_600_000;
const sevenDaysMs = 7 * 24 * 3_600_000;

export const expiredOrRevoked: Death = { error: 'invalid_grant', description: 'Token has been expired or revoked.' };

/** Codes, tokens and remembered consents of every account. */
export function createGrants(clock: Clock) {
  const codes = new Map<string, AuthorizationCode>();
  const accessTokens = new Map<string, AccessToken>();
  const refreshTokens = new Map<string, RefreshToken>();
  const consents = new Map<string, Set<string>>();
  const holdsRefreshToken = new Set<string>();

  const consentKey = (accountId: string, projectId: string) => `${accountId} ${projectId}`;

  function dropAccessTokens(matches: (token: AccessToken) => boolean): number {
    let dropped = 0;
    for (const token of accessTokens.values()) if (matches(token) && accessTokens.delete(token.token)) dropped += 1;
    return dropped;
  }

  function dropRefreshToken(token: RefreshToken): void {
    refreshTokens.delete(token.token);
    holdsRefreshToken.delete(`${token.accountId} ${token.clientId}`);
    dropAccessTokens((access) => access.refreshToken === token.token);
  }

  function enforceLimit(accountId: string, clientId: string): void {
    const own = [...refreshTokens.values()].filter(
      (each) => each.accountId === accountId && each.clientId === clientId && !each.death,
    );
    for (const oldest of own.slice(0, Math.max(0, own.length - refreshTokensPerClient)))
      refreshTokens.delete(oldest.token);
  }

  return {
    codes,
    accessTokens,
    refreshTokens,

    consented(accountId: string, projectId: string): ReadonlySet<string> {
      return consents.get(consentKey(accountId, projectId)) ?? new Set();
    },
    remember(accountId: string, projectId: string, scopes: readonly string[]): void {
      consents.set(consentKey(accountId, projectId), new Set([...this.consented(accountId, projectId), ...scopes]));
    },
    /** A refresh token is given the first time an account consents to a client, and again only when asked to consent anew. */
    isFirstOffline(accountId: string, clientId: string): boolean {
      return !holdsRefreshToken.has(`${accountId} ${clientId}`);
    },

    issueCode(given: Omit<AuthorizationCode, 'code' | 'issuedAt' | 'used' | 'issued'>): AuthorizationCode {
      const code = {
        ...given,
        code: `4/0A${randomBytes(36).toString('base64url')}`,
        issuedAt: clock.now(),
        used: false,
        issued: undefined,
      };
      codes.set(code.code, code);
      return code;
    },

    issueRefreshToken(client: OAuthClient, accountId: string, scopes: string[], incremental: boolean): RefreshToken {
      const now = clock.now();
      const token: RefreshToken = {
        token: `1//0${randomBytes(60).toString('base64url')}`,
        clientId: client.clientId,
        projectId: client.projectId,
        accountId,
        scopes,
        incremental,
        issuedAt: now,
        lastUsedAt: now,
        expiresAt:
          client.userType === 'external' && client.publishingStatus === 'testing' ? now + sevenDaysMs : undefined,
        death: undefined,
      };
      refreshTokens.set(token.token, token);
      holdsRefreshToken.add(`${accountId} ${client.clientId}`);
      enforceLimit(accountId, client.clientId);
      return token;
    },

    issueAccessToken(given: Omit<AccessToken, 'token' | 'expiresAt'>, lifetimeSeconds: number): AccessToken {
      const token = {
        ...given,
        token: `ya29.${randomBytes(96).toString('base64url')}`,
        expiresAt: clock.now() + lifetimeSeconds * 1000,
      };
      accessTokens.set(token.token, token);
      return token;
    },

    liveAccessToken(token: string): AccessToken | undefined {
      const found = accessTokens.get(token);
      return found && found.expiresAt > clock.now() ? found : undefined;
    },

    /** Why this refresh token no longer works; undefined while it does. */
    deathOf(token: RefreshToken): Death | undefined {
      if (token.death) return token.death;
      const now = clock.now();
      if (token.expiresAt !== undefined && token.expiresAt <= now) return expiredOrRevoked;
      return now - token.lastUsedAt > unusedForMs ? expiredOrRevoked : undefined;
    },

    /** Undoes an exchange whose code came a second time. */
    undo(code: AuthorizationCode): void {
      if (!code.issued) return;
      const refresh = refreshTokens.get(code.issued.refreshToken ?? '');
      if (refresh) dropRefreshToken(refresh);
      accessTokens.delete(code.issued.accessToken);
    },

    /** Revokes by access or refresh token; false when the token is unknown or dead. */
    revoke(text: string): boolean {
      const access = accessTokens.get(text);
      const refresh = refreshTokens.get(access?.refreshToken ?? text);
      const held = refresh ?? access;
      if (!held) return false;
      const { accountId, projectId, scopes } = held;
      const everything = refresh?.incremental ?? false;
      for (const token of [...refreshTokens.values()]) {
        if (token === refresh || (everything && token.accountId === accountId && token.projectId === projectId))
          dropRefreshToken(token);
      }
      dropAccessTokens(
        (token) => token === access || (everything && token.accountId === accountId && token.projectId === projectId),
      );
      const left = [...this.consented(accountId, projectId)].filter((scope) => !everything && !scopes.includes(scope));
      consents.set(consentKey(accountId, projectId), new Set(left));
      return true;
    },

    expireAccessTokens(accountId?: string): number {
      return dropAccessTokens((token) => !accountId || token.accountId === accountId);
    },

    /** Ends refresh tokens for a reason that Google then gives at each refresh; access tokens live on until they expire. */
    killRefreshTokens(death: Death, matches: (token: RefreshToken) => boolean): number {
      let killed = 0;
      for (const token of refreshTokens.values()) {
        if (token.death || !matches(token)) continue;
        token.death = death;
        killed += 1;
      }
      return killed;
    },

    saved(): SavedGrants {
      return {
        accessTokens: [...accessTokens.values()],
        refreshTokens: [...refreshTokens.values()],
        consents: [...consents].map(([key, scopes]) => [key, [...scopes]]),
      };
    },
    restore(saved: SavedGrants): void {
      for (const token of saved.accessTokens) accessTokens.set(token.token, token);
      for (const token of saved.refreshTokens) {
        refreshTokens.set(token.token, token);
        holdsRefreshToken.add(`${token.accountId} ${token.clientId}`);
      }
      for (const [key, scopes] of saved.consents) consents.set(key, new Set(scopes));
    },

    reset(): void {
      for (const store of [codes, accessTokens, refreshTokens, consents, holdsRefreshToken]) store.clear();
    },
  };
}

export type Grants = ReturnType<typeof createGrants>;
