import type { Clock } from '../clock.ts';
import type { Orm } from '../db/orm.ts';
import { AppError, notFound } from '../errors.ts';
import type { PbxUserFields } from '../pbx/index.ts';
import { type Actor, authorize, recordAudit } from '../tenants/index.ts';
import type { ApplyToPbx } from './apply-to-pbx.ts';
import { selectPerson } from './people-queries.ts';
import { type Person, toPerson } from './person.ts';
import type { KeepNumber } from './ports.ts';

export interface ChangePersonDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly applyToPbx: ApplyToPbx;
  readonly keepNumber: KeepNumber;
}

export interface ChangePerson {
  readonly tenantId: string;
  readonly userId: string;
  /** The revision that the change was made from. */
  readonly expectedRevision: number;
  /** Only what changes; what is left out stays. */
  readonly fields: Partial<PbxUserFields>;
  readonly enabled?: boolean | undefined;
}

export interface ChangedPerson {
  readonly person: Person;
  /** Fields of this change that come from Google: the next sync writes Google's value over them. */
  readonly overwrittenBySync: readonly (keyof PbxUserFields)[];
}

const FIELDS = ['displayName', 'email', 'givenName', 'familyName', 'phones', 'department', 'title'] as const;

const fieldsOf = (person: Person): PbxUserFields => ({
  displayName: person.displayName,
  email: person.email,
  givenName: person.givenName,
  familyName: person.familyName,
  phones: person.phones,
  department: person.department,
  title: person.title,
});

const staleWrite = (): AppError =>
  new AppError(
    'STALE_WRITE',
    'Somebody else, or a sync, changed this user meanwhile. Load it again and repeat your change.',
  );

/** Changes and deletes extension users by hand, one at a time. */
export const createChangePerson = ({ orm, clock, applyToPbx, keepNumber }: ChangePersonDependencies) => {
  const read = async (tenantId: string, userId: string): Promise<Person> => {
    const row = await selectPerson(orm.em.fork(), tenantId, userId);
    if (!row) throw notFound('user');
    return toPerson(row);
  };

  return {
    /**
     * Changes fields, and enables or disables. Whom an administrator disables, no sync enables again.
     *
     * @throws AppError NOT_FOUND, STALE_WRITE, VALIDATION_FAILED
     */
    async change(actor: Actor, request: ChangePerson): Promise<ChangedPerson> {
      const { tenantId, userId, expectedRevision, enabled } = request;
      authorize(actor, tenantId, 'admin');
      const before = await read(tenantId, userId);
      if (before.revision !== expectedRevision) throw staleWrite();
      const was = fieldsOf(before);
      const fields = { ...was, ...request.fields };
      const changed = FIELDS.filter((field) => JSON.stringify(was[field]) !== JSON.stringify(fields[field]));
      const disablesAnew = enabled === false && before.disabledBy !== 'administrator';
      const switches = disablesAnew || (enabled === true && !before.enabled);
      if (changed.length === 0 && !switches) return { person: before, overwrittenBySync: [] };

      const change = {
        ...({ kind: 'change', userId, expectedRevision, disabledBy: 'administrator' } as const),
        ...{ fields: changed.length > 0 ? fields : null, enabled: switches ? (enabled ?? null) : null },
      };
      await applyToPbx(tenantId, change, (em) => {
        const target = { kind: 'user', id: userId, name: fields.displayName };
        const details = { changed, ...(switches && { enabled: enabled === true }) };
        recordAudit(em, { actor, tenantId, at: clock(), action: 'user.changed', target, details });
      });
      return { person: await read(tenantId, userId), overwrittenBySync: before.googleId === null ? [] : changed };
    },

    /**
     * Deletes a user for good. The number of somebody of Google is kept for them; any other is free at once. Somebody
     * whom a sync still finds in scope gets a new extension, with that number.
     *
     * @param expectedRevision the revision that was looked at; undefined for whatever it is now
     * @throws AppError NOT_FOUND, STALE_WRITE
     */
    async remove(actor: Actor, tenantId: string, userId: string, expectedRevision: number | undefined): Promise<void> {
      authorize(actor, tenantId, 'admin');
      const person = await read(tenantId, userId);
      if (expectedRevision !== undefined && person.revision !== expectedRevision) throw staleWrite();
      const change = { kind: 'delete', userId, expectedRevision: person.revision } as const;
      await applyToPbx(tenantId, change, async (em) => {
        const { googleId, extensionNumber } = person;
        if (googleId !== null) await keepNumber(em, { tenantId, googleId, extensionNumber: Number(extensionNumber) });
        const target = { kind: 'user', id: userId, name: person.displayName };
        const details = { extensionNumber, googleId };
        recordAudit(em, { actor, tenantId, at: clock(), action: 'user.deleted', target, details });
      });
    },
  };
};
