import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';
import type { NumberOwner } from '../pbx/index.ts';

export interface NumberRow {
  readonly number: string;
  readonly owner_kind: 'user' | NumberOwner;
  readonly label: string | null;
  readonly user_id: string | null;
}

export interface SelectNumbers {
  readonly tenantId: string;
  readonly afterNumber: number;
  readonly limit: number;
  /** Null for every kind. */
  readonly ownerKinds: readonly string[] | null;
  /** A pattern of `like`, or null. */
  readonly pattern: string | null;
}

/** Everything that can be dialled, in ascending order; the label of a user is its name. */
export const selectNumbers = async (em: EntityManager, query: SelectNumbers): Promise<readonly NumberRow[]> => {
  const kinds = query.ownerKinds === null ? null : [...query.ownerKinds];
  const { rows } = await sql<NumberRow>`
    select n.number, n.owner_kind, coalesce(n.label, u.display_name) as label, u.id as user_id
    from extension_numbers n
    left join extension_users u on u.tenant_id = n.tenant_id and u.extension_number = n.number
    where n.tenant_id = ${query.tenantId} and n.number > ${query.afterNumber}
      and (${kinds}::text[] is null or n.owner_kind = any(${kinds}::text[]))
      and (${query.pattern}::text is null or n.number::text like ${query.pattern}
        or coalesce(n.label, u.display_name) ilike ${query.pattern})
    order by n.number limit ${query.limit}`.execute(em.getKysely());
  return rows;
};

export const selectNumber = async (
  em: EntityManager,
  tenantId: string,
  number: number,
): Promise<NumberRow | undefined> => {
  const { rows } = await sql<NumberRow>`
    select n.number, n.owner_kind, coalesce(n.label, u.display_name) as label, u.id as user_id
    from extension_numbers n
    left join extension_users u on u.tenant_id = n.tenant_id and u.extension_number = n.number
    where n.tenant_id = ${tenantId} and n.number = ${number}`.execute(em.getKysely());
  return rows[0];
};

/** Until when a number is kept for somebody who was deleted; undefined when it is not. */
export const selectKeptUntil = async (
  em: EntityManager,
  tenantId: string,
  number: number,
  now: Date,
): Promise<string | undefined> => {
  const { rows } = await sql<{ until: string }>`
    select to_char(reserved_until at time zone 'utc', 'YYYY-MM-DD') as until from number_reservations
    where tenant_id = ${tenantId} and number = ${number} and reserved_until > ${now.toISOString()}::timestamptz`.execute(
    em.getKysely(),
  );
  return rows[0]?.until;
};

/** True when the number was free and is taken now. */
export const insertNumber = async (
  em: EntityManager,
  tenantId: string,
  number: number,
  ownerKind: NumberOwner,
  label: string | null,
): Promise<boolean> => {
  const { rows } = await sql`
    insert into extension_numbers (tenant_id, number, owner_kind, label)
    values (${tenantId}, ${number}, ${ownerKind}, ${label})
    on conflict (tenant_id, number) do nothing returning number`.execute(em.getKysely());
  return rows.length === 1;
};

/** True when the number was there and did not belong to a user. */
export const deleteNumber = async (em: EntityManager, tenantId: string, number: number): Promise<boolean> => {
  const { rows } = await sql`
    delete from extension_numbers where tenant_id = ${tenantId} and number = ${number} and owner_kind <> 'user'
    returning number`.execute(em.getKysely());
  return rows.length === 1;
};
