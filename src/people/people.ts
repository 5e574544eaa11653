import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { containing } from '../db/containing.ts';
import type { Orm } from '../db/orm.ts';
import { AppError, invalidField, notFound } from '../errors.ts';
import type { PbxDirectory, PbxOutcome, PbxPhone, PbxUserFields } from '../pbx/index.ts';
import { type Actor, authorize, recordAudit } from '../tenants/index.ts';
import { countPeople, type PeopleCounts, type PersonRow, selectPeople, selectPerson } from './people-queries.ts';

export interface PeopleDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
}

/** An extension user, and the Google user behind it. */
export interface Person {
  readonly id: string;
  readonly extensionNumber: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly phones: readonly PbxPhone[];
  readonly department: string | null;
  readonly title: string | null;
  readonly enabled: boolean;
  readonly disabledBy: 'sync' | 'administrator' | null;
  readonly googleId: string | null;
  readonly boundBy: 'created' | 'linked' | 'hand' | null;
  readonly revision: number;
  /** RFC 3339 */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface ListPeople {
  readonly tenantId: string;
  readonly limit: number;
  /** The number of the last person of the page before. */
  readonly afterNumber?: number | undefined;
  /** Part of a name, an address or a number. */
  readonly search?: string | undefined;
  readonly enabled?: boolean | undefined;
}

export interface CreatePerson extends Partial<PbxUserFields> {
  readonly tenantId: string;
  readonly displayName: string;
  readonly extensionNumber: number;
}

const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  extensionNumber: row.extension_number,
  displayName: row.display_name,
  email: row.email,
  givenName: row.given_name,
  familyName: row.family_name,
  phones: row.phones,
  department: row.department,
  title: row.title,
  enabled: row.enabled,
  disabledBy: row.disabled_by,
  googleId: row.google_id,
  boundBy: row.bound_by,
  revision: row.revision,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** The extension users of a tenant: what sync writes, what an administrator looks at, and people made by hand. */
export const createPeople = ({ orm, clock, pbxOf }: PeopleDependencies) => {
  const read = async (tenantId: string, id: string): Promise<Person> => {
    const row = await selectPerson(orm.em.fork(), tenantId, id);
    if (!row) throw notFound('user');
    return toPerson(row);
  };

  return {
    async get(actor: Actor, tenantId: string, id: string): Promise<Person> {
      authorize(actor, tenantId, 'read');
      return read(tenantId, id);
    },

    /** In the order of their numbers. */
    async list(actor: Actor, { tenantId, limit, afterNumber = 0, search, enabled }: ListPeople): Promise<Person[]> {
      authorize(actor, tenantId, 'read');
      const pattern = search ? containing(search) : null;
      const query = { tenantId, limit, afterNumber, pattern, enabled: enabled ?? null };
      return (await selectPeople(orm.em.fork(), query)).map(toPerson);
    },

    async count(actor: Actor, tenantId: string): Promise<PeopleCounts> {
      authorize(actor, tenantId, 'read');
      return countPeople(orm.em.fork(), tenantId);
    },

    /**
     * Makes a person by hand. Sync never changes it until it is linked.
     *
     * @throws AppError VALIDATION_FAILED when the number is taken or a value is refused
     */
    async create(actor: Actor, { tenantId, extensionNumber, displayName, ...fields }: CreatePerson): Promise<Person> {
      authorize(actor, tenantId, 'admin');
      const userId = randomUUID();
      const outcomes: PbxOutcome[] = [];
      const change = {
        kind: 'create',
        userId,
        extensionNumber,
        fields: {
          displayName,
          email: fields.email ?? null,
          givenName: fields.givenName ?? null,
          familyName: fields.familyName ?? null,
          phones: fields.phones ?? [],
          department: fields.department ?? null,
          title: fields.title ?? null,
        },
      } as const;
      await pbxOf(tenantId).apply([change], async (settled, transaction) => {
        outcomes.push(...settled);
        if (settled.some(({ result }) => result === 'failed')) return;
        const target = { kind: 'user', id: userId, name: displayName };
        const entry = { actor, tenantId, at: clock(), action: 'user.created', target, details: { extensionNumber } };
        if (transaction) recordAudit(transaction, entry);
        else await orm.em.fork().transactional(async (em) => recordAudit(em, entry));
      });
      const [outcome] = outcomes;
      if (!outcome) throw new AppError('UNAVAILABLE', 'The PBX gave no answer. Try again.');
      if (outcome.result === 'failed') {
        if (outcome.code === 'PBX_NUMBER_TAKEN') {
          throw invalidField('extensionNumber', `${extensionNumber} is in use. Choose another number.`);
        }
        throw new AppError('VALIDATION_FAILED', outcome.message);
      }
      return read(tenantId, userId);
    },
  };
};

export type People = ReturnType<typeof createPeople>;
