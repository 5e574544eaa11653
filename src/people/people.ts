import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { containing } from '../db/containing.ts';
import type { Orm } from '../db/orm.ts';
import { notFound } from '../errors.ts';
import type { PbxDirectory, PbxUserFields } from '../pbx/index.ts';
import { type Actor, authorize, recordAudit } from '../tenants/index.ts';
import { createApplyToPbx } from './apply-to-pbx.ts';
import { createChangePerson } from './change-person.ts';
import { requireChoosable } from './extension-numbers.ts';
import { countPeople, type PeopleCounts, selectPeople, selectPerson } from './people-queries.ts';
import { type Person, toPerson } from './person.ts';
import type { KeepNumber } from './ports.ts';
import { createReadPhoto } from './read-photo.ts';

export interface PeopleDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
  readonly keepNumber: KeepNumber;
}

export interface ListPeople {
  readonly tenantId: string;
  readonly limit: number;
  /** The number of the last person of the page before. */
  readonly afterNumber?: number | undefined;
  /** Part of a name, an address or a number. */
  readonly search?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Whether they come from Google. */
  readonly bound?: boolean | undefined;
}

export interface CreatePerson extends Partial<PbxUserFields> {
  readonly tenantId: string;
  readonly displayName: string;
  readonly extensionNumber: number;
}

/** The extension users of a tenant: what sync writes, what an administrator looks at, and people made by hand. */
export const createPeople = ({ orm, clock, pbxOf, keepNumber }: PeopleDependencies) => {
  const applyToPbx = createApplyToPbx({ orm, pbxOf });

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

    photo: createReadPhoto(orm),

    /** In the order of their numbers. */
    async list(
      actor: Actor,
      { tenantId, limit, afterNumber = 0, search, enabled, bound }: ListPeople,
    ): Promise<Person[]> {
      authorize(actor, tenantId, 'read');
      const pattern = search ? containing(search) : null;
      const query = { tenantId, limit, afterNumber, pattern, enabled: enabled ?? null, bound: bound ?? null };
      return (await selectPeople(orm.em.fork(), query)).map(toPerson);
    },

    async count(actor: Actor, tenantId: string): Promise<PeopleCounts> {
      authorize(actor, tenantId, 'read');
      return countPeople(orm.em.fork(), tenantId);
    },

    /**
     * Makes a person by hand. Sync never changes it until it is linked.
     *
     * @throws AppError VALIDATION_FAILED when the number is taken or reserved or a value is refused, CONFLICT when the
     * number waits for its former owner, PBX_LICENCE_USED_UP
     */
    async create(actor: Actor, { tenantId, extensionNumber, displayName, ...fields }: CreatePerson): Promise<Person> {
      authorize(actor, tenantId, 'admin');
      const userId = randomUUID();
      await requireChoosable(orm.em.fork(), tenantId, extensionNumber, 'extensionNumber', clock());
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
      await applyToPbx(tenantId, change, (em) => {
        const target = { kind: 'user', id: userId, name: displayName };
        recordAudit(em, { actor, tenantId, at: clock(), action: 'user.created', target, details: { extensionNumber } });
      });
      return read(tenantId, userId);
    },

    ...createChangePerson({ orm, clock, applyToPbx, keepNumber }),
  };
};

export type People = ReturnType<typeof createPeople>;
