import type { Clock } from '../clock.ts';
import { containing } from '../db/containing.ts';
import type { EntityManager, Orm } from '../db/orm.ts';
import { AppError, invalidField, notFound } from '../errors.ts';
import { type NumberOwner, RESERVED_NUMBERS } from '../pbx/index.ts';
import { type Actor, authorize, recordAudit } from '../tenants/index.ts';
import {
  deleteNumber,
  insertNumber,
  type NumberRow,
  selectKeptUntil,
  selectNumber,
  selectNumbers,
} from './extension-numbers-queries.ts';

export interface ExtensionNumbersDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
}

/** A number that can be dialled, and what it belongs to. */
export interface ExtensionNumber {
  readonly number: string;
  readonly ownerKind: 'user' | NumberOwner;
  /** What people call it; of a user, the name. */
  readonly label: string | null;
  readonly userId: string | null;
}

export interface ListNumbers {
  readonly tenantId: string;
  readonly limit: number;
  /** The last number of the page before. */
  readonly afterNumber?: number | undefined;
  readonly ownerKinds?: readonly ExtensionNumber['ownerKind'][] | undefined;
  /** Part of a number or a label. */
  readonly search?: string | undefined;
}

export interface AddNumber {
  readonly tenantId: string;
  readonly number: number;
  readonly ownerKind: NumberOwner;
  readonly label: string | null;
}

const toNumber = (row: NumberRow): ExtensionNumber => ({
  number: row.number,
  ownerKind: row.owner_kind,
  label: row.label,
  userId: row.user_id,
});

const taken = (field: string, message: string): AppError =>
  new AppError('CONFLICT', message, { fields: [{ field, message }] });

/**
 * Refuses a number that nobody may choose by hand.
 *
 * @throws AppError VALIDATION_FAILED for the PBX's own numbers, CONFLICT for one that waits for its former owner
 */
export const requireChoosable = async (
  em: EntityManager,
  tenantId: string,
  number: number,
  field: string,
  now: Date,
): Promise<void> => {
  if (RESERVED_NUMBERS.includes(number)) {
    throw invalidField(field, `${number} belongs to the PBX itself. Choose another number.`);
  }
  const keptUntil = await selectKeptUntil(em, tenantId, number, now);
  if (keptUntil) {
    throw taken(field, `${number} is kept until ${keptUntil} for somebody who was deleted. Choose another number.`);
  }
};

/** The numbers of the built-in PBX: those of users, and those that belong to something else. */
export const createExtensionNumbers = ({ orm, clock }: ExtensionNumbersDependencies) => ({
  /** In ascending order. */
  async list(actor: Actor, query: ListNumbers): Promise<ExtensionNumber[]> {
    const { tenantId, limit, afterNumber = 0, ownerKinds, search } = query;
    authorize(actor, tenantId, 'read');
    const pattern = search ? containing(search) : null;
    const rows = await selectNumbers(orm.em.fork(), {
      ...{ tenantId, limit, afterNumber, pattern },
      ownerKinds: ownerKinds ?? null,
    });
    return rows.map(toNumber);
  },

  /** @throws AppError NOT_FOUND */
  async get(actor: Actor, tenantId: string, number: number): Promise<ExtensionNumber> {
    authorize(actor, tenantId, 'read');
    const row = await selectNumber(orm.em.fork(), tenantId, number);
    if (!row) throw notFound('number');
    return toNumber(row);
  },

  /**
   * Takes a number for something that is not a user, so that no sync gives it to one.
   *
   * @throws AppError CONFLICT when it is in use, VALIDATION_FAILED when it is reserved; both name `number`
   */
  async add(actor: Actor, { tenantId, number, ownerKind, label }: AddNumber): Promise<ExtensionNumber> {
    authorize(actor, tenantId, 'admin');
    await orm.em.fork().transactional(async (em) => {
      await requireChoosable(em, tenantId, number, 'number', clock());
      if (!(await insertNumber(em, tenantId, number, ownerKind, label))) {
        throw taken('number', `${number} is in use already. Choose another number, or free it first.`);
      }
      const target = { kind: 'extension-number', id: String(number), name: String(number) };
      const details = { owner: ownerKind, label };
      recordAudit(em, { actor, tenantId, at: clock(), action: 'extension-number.added', target, details });
    });
    return { number: String(number), ownerKind, label, userId: null };
  },

  /**
   * Frees a number that does not belong to a user.
   *
   * @throws AppError NOT_FOUND, CONFLICT when it is a user's
   */
  async remove(actor: Actor, tenantId: string, number: number): Promise<void> {
    authorize(actor, tenantId, 'admin');
    await orm.em.fork().transactional(async (em) => {
      const row = await selectNumber(em, tenantId, number);
      if (!row) throw notFound('number');
      if (!(await deleteNumber(em, tenantId, number))) {
        throw new AppError('CONFLICT', `${number} belongs to a user. Delete the user, and the number is free as well.`);
      }
      const target = { kind: 'extension-number', id: String(number), name: String(number) };
      const details = { owner: row.owner_kind, label: row.label };
      recordAudit(em, { actor, tenantId, at: clock(), action: 'extension-number.removed', target, details });
    });
  },
});

export type ExtensionNumbers = ReturnType<typeof createExtensionNumbers>;
