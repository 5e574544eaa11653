import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import type { AppContext } from '../environment.ts';

export interface ConsentCookie {
  read(c: AppContext, requestId: string): string | undefined;
  write(c: AppContext, requestId: string, token: string, expires: Date): void;
  clear(c: AppContext, requestId: string): void;
}

/**
 * Ties a consent to the browser that began it. One cookie per consent, so that two of them in two windows do not
 * disturb each other. Lax, because the answer comes by a redirect from Google.
 */
export const createConsentCookie = (publicUrl: string): ConsentCookie => {
  const secure = publicUrl.startsWith('https:');
  const options: CookieOptions = { path: '/', httpOnly: true, sameSite: 'Lax', secure };
  const nameOf = (requestId: string) => `${secure ? '__Host-' : ''}pgw-consent-${requestId}`;
  return {
    read: (c, requestId) => getCookie(c, nameOf(requestId)),
    write: (c, requestId, token, expires) => setCookie(c, nameOf(requestId), token, { ...options, expires }),
    clear: (c, requestId) => {
      deleteCookie(c, nameOf(requestId), options);
    },
  };
};
