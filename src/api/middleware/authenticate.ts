import type { MiddlewareHandler } from 'hono';
import type { PortalSessions } from '../../sign-in/index.ts';
import type { ApiTokens } from '../../tenants/index.ts';
import type { AppContext, AppEnv } from '../environment.ts';
import type { SessionCookie } from './session-cookie.ts';

export interface AuthenticateDependencies {
  readonly apiTokens: Pick<ApiTokens, 'authenticate'>;
  readonly sessions: Pick<PortalSessions, 'authenticate'>;
  readonly cookie: SessionCookie;
}

const bearerOf = (header: string): string | undefined => /^Bearer +([^\s]{1,512})$/i.exec(header)?.[1];

/**
 * Finds out who asks. A request with an Authorization header is judged by it alone: its cookie is not looked at, which
 * is why such a request needs no protection against other sites.
 */
export const authenticate = ({ apiTokens, sessions, cookie }: AuthenticateDependencies): MiddlewareHandler<AppEnv> => {
  const identify = async (c: AppContext): Promise<AppEnv['Variables']['identity']> => {
    const header = c.req.header('authorization');
    if (header !== undefined) {
      const token = bearerOf(header);
      const actor = token && (await apiTokens.authenticate(token, c.get('ip')));
      return actor ? { actor, session: undefined } : undefined;
    }
    const token = cookie.read(c);
    const session = token ? await sessions.authenticate(token, c.get('ip')) : undefined;
    return session && { actor: session.actor, session };
  };
  return async (c, next) => {
    c.set('identity', await identify(c));
    await next();
  };
};
