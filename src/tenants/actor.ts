import { isSystem } from '../contracts/ids.ts';
import { AppError, notFound } from '../errors.ts';

/** What an API token may be given. `admin` covers the others. */
export const SCOPES = ['events:write', 'read', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** Who asks: known by a session, an API token, or the configuration at start. */
export interface Actor {
  readonly kind: 'administrator' | 'api-token' | 'bootstrap';
  readonly id: string;
  /** As people know it: the e-mail of an administrator, the name of a token. */
  readonly name: string;
  /** The level the actor belongs to; SYSTEM_TENANT_ID for the system. */
  readonly tenantId: string;
  readonly scopes: readonly Scope[];
  readonly ip: string | undefined;
}

const covers = (scopes: readonly Scope[], need: Scope): boolean => scopes.includes('admin') || scopes.includes(need);

/**
 * The one rule of access: the system's actors may act on every level, a tenant's on its own only, and both within
 * their scopes.
 *
 * @throws AppError NOT_FOUND for another's level, so that nobody learns what exists; FORBIDDEN when a scope lacks
 */
export const authorize = (actor: Actor, tenantId: string, need: Scope): void => {
  if (!isSystem(actor.tenantId) && actor.tenantId !== tenantId) throw notFound('tenant');
  if (!covers(actor.scopes, need)) {
    throw new AppError(
      'FORBIDDEN',
      `This needs the scope "${need}". Use a token that has it, or sign in to the portal.`,
    );
  }
};
