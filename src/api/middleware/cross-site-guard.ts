import type { MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import type { AppEnv } from '../environment.ts';

/**
 * Lets a write that may ride on a cookie through only when the browser says that it comes from our own pages. JSON
 * needs no look: a foreign page cannot send it without a preflight, which nobody here answers.
 */
export const crossSiteGuard = (ownOrigins: readonly string[]): MiddlewareHandler<AppEnv> => {
  const guard = csrf({ origin: [...ownOrigins] });
  return (c, next) => (c.req.header('authorization') === undefined ? guard(c, next) : next());
};
