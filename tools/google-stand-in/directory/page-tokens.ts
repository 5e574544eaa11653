import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ApiError, invalidInput } from '../api/api-error.ts';

const threeDaysMs = 3 * 24 * 3_600_000;
const longestWalkMs = 3_600_000;

/** Where a listing goes on: after `position`, in a walk that began at `startedAt`. */
export type PageToken<Position> = { position: Position; startedAt: number };

type Sealed<Position> = PageToken<Position> & { issuedAt: number; params: string; epoch: number };

/** Every parameter that must stay the same from page to page. */
export function boundParams(query: URLSearchParams): string {
  const free = new Set([
    'pageToken',
    'maxResults',
    'fields',
    'alt',
    'prettyPrint',
    'quotaUser',
    'access_token',
    'oauth_token',
  ]);
  return [...query]
    .filter(([name]) => !free.has(name))
    .map((pair) => pair.join('='))
    .sort()
    .join('&');
}

/**
 * Opaque page tokens, bound to the other parameters of the listing. They live three days; a walk that takes more than an
 * hour is answered 503 `backendError`. Source: Google's reference of users.list and its guide on error codes.
 */
export function createPageTokens(now: () => number) {
  const key = randomBytes(32);
  let epoch = 0;
  let expiry: { afterPages: number; times: number; seen: number } | undefined;

  function paramsHash(params: string): string {
    return createHash('sha256').update(params).digest('base64url').slice(0, 22);
  }

  return {
    seal<Position>(token: PageToken<Position>, params: string): string {
      const sealed: Sealed<Position> = { ...token, issuedAt: now(), params: paramsHash(params), epoch };
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const text = Buffer.concat([cipher.update(JSON.stringify(sealed), 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
    },

    open<Position>(text: string, params: string): PageToken<Position> {
      const token = unseal<Position>(text);
      if (!token || token.params !== paramsHash(params)) throw invalidInput('pageToken');
      if (token.epoch !== epoch || now() - token.issuedAt > threeDaysMs || expires()) throw invalidInput('pageToken');
      if (now() - token.startedAt > longestWalkMs) {
        throw new ApiError({ status: 503, reason: 'backendError', message: 'Service unavailable. Please try again' });
      }
      return token;
    },

    /** Every token given out so far is refused from now on. */
    expireAll(): void {
      epoch += 1;
    },

    /** Lets `afterPages` further pages pass, then refuses `times` page tokens. */
    expireAfter(afterPages: number, times: number): void {
      expiry = { afterPages, times, seen: 0 };
    },

    reset(): void {
      expiry = undefined;
    },
  };

  function expires(): boolean {
    if (!expiry) return false;
    expiry.seen += 1;
    if (expiry.seen <= expiry.afterPages) return false;
    if (expiry.seen === expiry.afterPages + expiry.times) expiry = undefined;
    return true;
  }

  function unseal<Position>(text: string): Sealed<Position> | undefined {
    try {
      const bytes = Buffer.from(text, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
    } catch {
      return undefined;
    }
  }
}

export type PageTokens = ReturnType<typeof createPageTokens>;
