import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { isSystem } from '../contracts/ids.ts';
import { type Administrator, AdministratorEntity, PortalSessionEntity, TenantEntity } from '../db/entities/index.ts';
import type { EntityManager, Orm } from '../db/orm.ts';
import { AppError, notFound } from '../errors.ts';
import { type Actor, authorize } from './actor.ts';
import { recordAudit } from './audit.ts';
import { type Page, type PageRequest, toPage } from './page.ts';
import { hashPassword, passwordSchema } from './passwords.ts';

export const administratorInputSchema = z.object({
  email: z.email('Give an e-mail address such as ada@example.com.').trim().max(254, 'Use at most 254 characters.'),
  displayName: z.string().trim().min(1, 'Give the name of the person.').max(128, 'Use at most 128 characters.'),
  password: passwordSchema,
});

export type AdministratorInput = z.output<typeof administratorInputSchema>;

export interface AdministratorView {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly createdAt: Date;
  readonly lastSignedInAt: Date | null;
}

export interface AdministratorPosition {
  readonly createdAt: string;
  readonly id: string;
}

const toView = (administrator: Administrator): AdministratorView => ({
  id: administrator.id,
  email: administrator.email,
  displayName: administrator.displayName,
  createdAt: administrator.createdAt,
  lastSignedInAt: administrator.lastSignedInAt ?? null,
});

const targetOf = ({ id, email }: Administrator) => ({ kind: 'administrator', id, name: email });

const refuseTakenEmail = (error: unknown): never => {
  if (!(error instanceof UniqueConstraintViolationException)) throw error;
  const message = 'An administrator with this e-mail address is already here.';
  throw new AppError('CONFLICT', message, { fields: [{ field: 'email', message }], cause: error });
};

const load = async (em: EntityManager, tenantId: string, id: string): Promise<Administrator> => {
  const administrator = await em.findOne(AdministratorEntity, { tenantId, id });
  if (!administrator) throw notFound('administrator');
  return administrator;
};

export const createAdministrators = ({ orm, clock }: { readonly orm: Orm; readonly clock: Clock }) => ({
  async list(
    actor: Actor,
    tenantId: string,
    { after, limit }: PageRequest<AdministratorPosition>,
  ): Promise<Page<AdministratorView, AdministratorPosition>> {
    authorize(actor, tenantId, 'read');
    const rows = await orm.em.fork().find(
      AdministratorEntity,
      {
        tenantId,
        ...(after && {
          $or: [
            { createdAt: { $gt: new Date(after.createdAt) } },
            { createdAt: new Date(after.createdAt), id: { $gt: after.id } },
          ],
        }),
      },
      { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], limit: limit + 1 },
    );
    return toPage(rows, limit, toView, ({ createdAt, id }) => ({ createdAt: createdAt.toISOString(), id }));
  },

  /** @throws AppError CONFLICT when the level has an administrator with this e-mail, in whatever case */
  async create(actor: Actor, tenantId: string, input: AdministratorInput): Promise<AdministratorView> {
    authorize(actor, tenantId, 'admin');
    const passwordHash = await hashPassword(input.password);
    const at = clock();
    return orm.em
      .fork()
      .transactional(async (em) => {
        const administrator = em.create(AdministratorEntity, {
          id: crypto.randomUUID(),
          tenantId,
          email: input.email,
          displayName: input.displayName,
          passwordHash,
          createdAt: at,
        });
        recordAudit(em, { actor, tenantId, at, action: 'administrator.created', target: targetOf(administrator) });
        await em.flush();
        return toView(administrator);
      })
      .catch(refuseTakenEmail);
  },

  /** Sets a new password and ends every session of that administrator. */
  async setPassword(actor: Actor, tenantId: string, id: string, password: string): Promise<void> {
    authorize(actor, tenantId, 'admin');
    const passwordHash = await hashPassword(passwordSchema.parse(password));
    await orm.em.fork().transactional(async (em) => {
      const administrator = await load(em, tenantId, id);
      administrator.passwordHash = passwordHash;
      await em.nativeDelete(PortalSessionEntity, { tenantId, administratorId: id });
      recordAudit(em, {
        actor,
        tenantId,
        at: clock(),
        action: 'administrator.password-set',
        target: targetOf(administrator),
      });
    });
  },

  /**
   * Removes an administrator with its sessions.
   *
   * @throws AppError LAST_ADMINISTRATOR when nobody would be left to administer the system
   */
  async remove(actor: Actor, tenantId: string, id: string): Promise<void> {
    authorize(actor, tenantId, 'admin');
    await orm.em.fork().transactional(async (em) => {
      // Two removals at once must not each see the other's administrator and leave none.
      await em.findOneOrFail(TenantEntity, { id: tenantId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const administrator = await load(em, tenantId, id);
      if (isSystem(tenantId) && (await em.count(AdministratorEntity, { tenantId })) === 1) {
        throw new AppError(
          'LAST_ADMINISTRATOR',
          'This is the last administrator of the system. Add another one first, then remove this one.',
        );
      }
      recordAudit(em, {
        actor,
        tenantId,
        at: clock(),
        action: 'administrator.removed',
        target: targetOf(administrator),
      });
      em.remove(administrator);
    });
  },
});

export type Administrators = ReturnType<typeof createAdministrators>;
