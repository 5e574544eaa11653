import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { isSystem, SYSTEM_TENANT_ID } from '../../contracts/index.ts';
import { AppError, notFound } from '../../errors.ts';
import { authorize, type Scope } from '../../tenants/index.ts';
import type { AppEnv } from '../environment.ts';

const uuid = z.uuid();

export interface RequireActorOptions {
  /** Let a tenant through that is being deleted, to look at it and to go on deleting. */
  readonly evenWhileDeleting?: boolean;
}

/**
 * Opens a route to those who may act on the level that its path names: `{tenantId}`, or the system without one. Gives
 * `c.get('actor')`, `c.get('tenantId')` and `c.get('tenant')`. It stands before validation, so that another's tenant
 * is 404 whatever was sent.
 */
export const requireActor =
  (need: Scope, { evenWhileDeleting = false }: RequireActorOptions = {}): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const actor = c.get('identity')?.actor;
    if (!actor) throw new AppError('SIGN_IN_REQUIRED', 'Sign in, or send Authorization: Bearer with an API token.');
    const named = c.req.param('tenantId');
    if (named !== undefined && (!uuid.safeParse(named).success || isSystem(named))) throw notFound('tenant');
    const tenantId = named?.toLowerCase() ?? SYSTEM_TENANT_ID;
    authorize(actor, tenantId, need);
    const tenants = c.get('tenants');
    const tenant = isSystem(tenantId)
      ? undefined
      : await (evenWhileDeleting ? tenants.get(actor, tenantId) : tenants.requireActive(tenantId));
    c.set('actor', actor);
    c.set('tenantId', tenantId);
    c.set('tenant', tenant);
    await next();
  };
