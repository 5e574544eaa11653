import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../errors.ts';
import type { AppEnv } from '../environment.ts';
import { type RequireActorOptions, requireActor } from '../middleware/require-actor.ts';

/** Opens a page to signed-in administrators of the level that its path names; others are asked to sign in. */
export const requireAdministrator = (options: RequireActorOptions = {}): MiddlewareHandler<AppEnv> => {
  const require = requireActor('admin', options);
  return async (c, next) => {
    if (!c.get('identity')?.session) throw new AppError('SIGN_IN_REQUIRED', 'Sign in to see this page.');
    return require(c, next);
  };
};
