import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import type { AppContext } from '../environment.ts';

export interface SessionCookie {
  read(c: AppContext): string | undefined;
  write(c: AppContext, token: string): void;
  clear(c: AppContext): void;
}

/** Over https the name's `__Host-` prefix makes browsers refuse a cookie planted by a neighbouring host. */
export const createSessionCookie = (publicUrl: string): SessionCookie => {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? '__Host-pgw-session' : 'pgw-session';
  const options: CookieOptions = { path: '/', httpOnly: true, sameSite: 'Lax', secure };
  return {
    read: (c) => getCookie(c, name),
    write: (c, token) => setCookie(c, name, token, options),
    clear: (c) => {
      deleteCookie(c, name, options);
    },
  };
};
