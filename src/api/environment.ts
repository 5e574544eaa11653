import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { ErrorCode } from '../errors.ts';
import type { PortalSessionView } from '../sign-in/index.ts';
import type { Actor, Tenants, TenantView } from '../tenants/index.ts';
import type { Assets } from './portal/assets.ts';

/** What every request carries, from the outermost middleware to the handler. */
export interface AppEnv {
  Variables: {
    requestId: string;
    ip: string;
    log: Logger;
    assets: Assets;
    tenants: Pick<Tenants, 'requireActive' | 'get'>;
    /** Who is known to ask, if anybody; set for every request. */
    identity: { readonly actor: Actor; readonly session: PortalSessionView | undefined } | undefined;
    /** Who asks, with the scope that the route needs; set by `requireActor`. */
    actor: Actor;
    /** The level the path names; set by `requireActor`. */
    tenantId: string;
    /** The tenant the path names, undefined at system level; set by `requireActor`. */
    tenant: TenantView | undefined;
    /** The code of the problem that was answered, for the access log. */
    problemCode: ErrorCode | undefined;
  };
}

export type AppContext = Context<AppEnv>;
