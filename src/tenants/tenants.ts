import { OptimisticLockError, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Clock } from '../clock.ts';
import { isSystem, SYSTEM_TENANT_ID } from '../contracts/ids.ts';
import { containing } from '../db/containing.ts';
import { type Tenant, TenantEntity } from '../db/entities/index.ts';
import type { EntityManager, Orm } from '../db/orm.ts';
import { AppError, notFound } from '../errors.ts';
import { type Actor, authorize } from './actor.ts';
import { recordAudit } from './audit.ts';
import { type Page, type PageRequest, toPage } from './page.ts';
import type { TenantChange, TenantInput } from './tenant-input.ts';

export interface TenantView {
  readonly id: string;
  readonly name: string;
  readonly sipDomain: string;
  readonly timeZone: string;
  readonly firstExtension: number;
  /** How many extension users the licence allows; null: as many as wanted. */
  readonly extensionLimit: number | null;
  readonly state: 'active' | 'deleting';
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TenantPosition {
  readonly name: string;
  readonly id: string;
}

/**
 * Ends everything a tenant has outside its rows: workflows, schedules, tokens at the provider. It may be called again
 * after a failure and must then finish what is left.
 */
export type ReleaseTenant = (tenantId: string) => Promise<void>;

export interface TenantsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly releaseTenant: ReleaseTenant;
}

const toView = (tenant: Tenant): TenantView => ({
  id: tenant.id,
  name: tenant.name,
  sipDomain: tenant.sipDomain ?? '',
  timeZone: tenant.timeZone,
  firstExtension: tenant.firstExtension,
  extensionLimit: tenant.extensionLimit ?? null,
  state: tenant.state,
  version: tenant.version,
  createdAt: tenant.createdAt,
  updatedAt: tenant.updatedAt,
});

const targetOf = (tenant: Tenant) => ({ kind: 'tenant', id: tenant.id, name: tenant.name });

const refuseTakenDomain = (error: unknown): never => {
  if (!(error instanceof UniqueConstraintViolationException)) throw error;
  const message = 'Another tenant already has this SIP domain. Give one of its own.';
  throw new AppError('CONFLICT', message, { fields: [{ field: 'sipDomain', message }], cause: error });
};

export const createTenants = ({ orm, clock, releaseTenant }: TenantsDependencies) => {
  const load = async (em: EntityManager, tenantId: string): Promise<Tenant> => {
    const tenant = isSystem(tenantId) ? undefined : await em.findOne(TenantEntity, { id: tenantId });
    if (!tenant) throw notFound('tenant');
    return tenant;
  };

  const removeReleased = async (actor: Actor, tenantId: string): Promise<void> => {
    await releaseTenant(tenantId);
    await orm.em.fork().transactional(async (em) => {
      const tenant = await em.findOne(TenantEntity, { id: tenantId });
      if (!tenant) return;
      recordAudit(em, {
        actor,
        tenantId: SYSTEM_TENANT_ID,
        at: clock(),
        action: 'tenant.deleted',
        target: targetOf(tenant),
        details: { sipDomain: tenant.sipDomain ?? null },
      });
      await em.flush();
      await em.nativeDelete(TenantEntity, { id: tenantId });
    });
  };

  return {
    /** Tenants by name, optionally only those whose name or SIP domain contains a text. */
    async list(
      actor: Actor,
      { after, limit, search }: PageRequest<TenantPosition> & { search?: string | undefined },
    ): Promise<Page<TenantView, TenantPosition>> {
      authorize(actor, SYSTEM_TENANT_ID, 'read');
      const text = search && containing(search);
      const rows = await orm.em.fork().find(
        TenantEntity,
        {
          kind: 'customer',
          $and: [
            ...(text ? [{ $or: [{ name: { $ilike: text } }, { sipDomain: { $ilike: text } }] }] : []),
            ...(after ? [{ $or: [{ name: { $gt: after.name } }, { name: after.name, id: { $gt: after.id } }] }] : []),
          ],
        },
        { orderBy: [{ name: 'asc' }, { id: 'asc' }], limit: limit + 1 },
      );
      return toPage(rows, limit, toView, ({ name, id }) => ({ name, id }));
    },

    async get(actor: Actor, tenantId: string): Promise<TenantView> {
      authorize(actor, tenantId, 'read');
      return toView(await load(orm.em.fork(), tenantId));
    },

    /**
     * The tenant, when work may start for it.
     *
     * @throws AppError NOT_FOUND when it does not exist or is being deleted
     */
    async requireActive(tenantId: string): Promise<TenantView> {
      const tenant = await load(orm.em.fork(), tenantId);
      if (tenant.state !== 'active') throw notFound('tenant');
      return toView(tenant);
    },

    /** @throws AppError CONFLICT when the SIP domain is taken */
    async create(actor: Actor, input: TenantInput): Promise<TenantView> {
      authorize(actor, SYSTEM_TENANT_ID, 'admin');
      const at = clock();
      return orm.em
        .fork()
        .transactional(async (em) => {
          const tenant = em.create(TenantEntity, {
            id: crypto.randomUUID(),
            kind: 'customer',
            ...input,
            createdAt: at,
            updatedAt: at,
          });
          await em.flush();
          recordAudit(em, {
            actor,
            tenantId: SYSTEM_TENANT_ID,
            at,
            action: 'tenant.created',
            target: targetOf(tenant),
            details: { ...input },
          });
          await em.flush();
          return toView(tenant);
        })
        .catch(refuseTakenDomain);
    },

    /**
     * @param expectedVersion the version the change was made from
     * @throws AppError STALE_WRITE when someone changed the tenant since; CONFLICT when the SIP domain is taken
     */
    async update(actor: Actor, tenantId: string, change: TenantChange, expectedVersion: number): Promise<TenantView> {
      authorize(actor, tenantId, 'read');
      if (!isSystem(actor.tenantId)) {
        throw new AppError('FORBIDDEN', 'Only administrators of the system change a tenant. Ask your operator.');
      }
      authorize(actor, SYSTEM_TENANT_ID, 'admin');
      const at = clock();
      return orm.em
        .fork()
        .transactional(async (em) => {
          const tenant = await load(em, tenantId);
          if (tenant.state !== 'active') throw notFound('tenant');
          if (tenant.version !== expectedVersion) throw staleWrite();
          const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
          em.assign(tenant, { ...given, updatedAt: at });
          recordAudit(em, {
            actor,
            tenantId,
            at,
            action: 'tenant.changed',
            target: targetOf(tenant),
            details: given as Record<string, string | number>,
          });
          await em.flush();
          return toView(tenant);
        })
        .catch((error: unknown) => {
          if (error instanceof OptimisticLockError) throw staleWrite();
          return refuseTakenDomain(error);
        });
    },

    /**
     * Deletes a tenant and all that is its own. From the first moment nothing new starts for it; when a step fails,
     * calling again goes on.
     */
    async remove(actor: Actor, tenantId: string): Promise<void> {
      authorize(actor, tenantId, 'read');
      if (!isSystem(actor.tenantId)) {
        throw new AppError('FORBIDDEN', 'Only administrators of the system delete a tenant. Ask your operator.');
      }
      authorize(actor, SYSTEM_TENANT_ID, 'admin');
      await orm.em.fork().transactional(async (em) => {
        const tenant = await load(em, tenantId);
        if (tenant.state === 'deleting') return;
        tenant.state = 'deleting';
        recordAudit(em, {
          actor,
          tenantId: SYSTEM_TENANT_ID,
          at: clock(),
          action: 'tenant.deletion-started',
          target: targetOf(tenant),
        });
      });
      await removeReleased(actor, tenantId);
    },

    /** Goes on with deletions that were interrupted, a few at a time; answers how many are finished. */
    async resumeRemovals(actor: Actor, limit = 10): Promise<number> {
      authorize(actor, SYSTEM_TENANT_ID, 'admin');
      const waiting = await orm.em.fork().find(TenantEntity, { state: 'deleting' }, { limit, orderBy: { id: 'asc' } });
      for (const { id } of waiting) await removeReleased(actor, id);
      return waiting.length;
    },
  };
};

export type Tenants = ReturnType<typeof createTenants>;

const staleWrite = (): AppError =>
  new AppError('STALE_WRITE', 'Someone changed this in the meantime. Load it again, then repeat your change.');
