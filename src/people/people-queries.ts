import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';
import type { PbxPhone } from '../pbx/index.ts';

/** An extension user with the Google user it is bound to, if any. */
export interface PersonRow {
  readonly id: string;
  readonly extension_number: string;
  readonly email: string | null;
  readonly display_name: string;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly phones: readonly PbxPhone[];
  readonly department: string | null;
  readonly title: string | null;
  readonly enabled: boolean;
  readonly disabled_by: 'sync' | 'administrator' | null;
  readonly revision: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly google_id: string | null;
  readonly bound_by: 'created' | 'linked' | 'hand' | null;
  readonly photo: string | null;
}

const columns = sql`
  u.id, u.extension_number, u.email, u.display_name, u.given_name, u.family_name, u.phones, u.department, u.title,
  u.enabled, u.disabled_by, u.revision, to_char(u.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at,
  to_char(u.updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as updated_at,
  b.google_id, b.origin as bound_by, photo.content_hash as photo`;

export interface SelectPeople {
  readonly tenantId: string;
  readonly afterNumber: number;
  readonly limit: number;
  /** A pattern of `like`, or null. */
  readonly pattern: string | null;
  readonly enabled: boolean | null;
  readonly bound: boolean | null;
}

export const selectPeople = async (em: EntityManager, query: SelectPeople): Promise<readonly PersonRow[]> => {
  const { rows } = await sql<PersonRow>`
    select ${columns} from extension_users u
    left join bindings b on b.tenant_id = u.tenant_id and b.extension_user_id = u.id
    left join photos photo on photo.tenant_id = u.tenant_id and photo.google_id = b.google_id
    where u.tenant_id = ${query.tenantId} and u.extension_number > ${query.afterNumber}
      and (${query.enabled}::boolean is null or u.enabled = ${query.enabled})
      and (${query.bound}::boolean is null or (b.google_id is not null) = ${query.bound})
      and (${query.pattern}::text is null or u.display_name ilike ${query.pattern} or u.email ilike ${query.pattern}
        or u.extension_number::text like ${query.pattern})
    order by u.extension_number limit ${query.limit}`.execute(em.getKysely());
  return rows;
};

export const selectPerson = async (em: EntityManager, tenantId: string, id: string): Promise<PersonRow | undefined> => {
  const { rows } = await sql<PersonRow>`
    select ${columns} from extension_users u
    left join bindings b on b.tenant_id = u.tenant_id and b.extension_user_id = u.id
    left join photos photo on photo.tenant_id = u.tenant_id and photo.google_id = b.google_id
    where u.tenant_id = ${tenantId} and u.id = ${id}`.execute(em.getKysely());
  return rows[0];
};

export interface PeopleCounts {
  readonly all: number;
  readonly enabled: number;
  readonly bound: number;
}

export const countPeople = async (em: EntityManager, tenantId: string): Promise<PeopleCounts> => {
  const { rows } = await sql<PeopleCounts>`
    select count(*)::int as "all", count(*) filter (where u.enabled)::int as enabled, count(b.google_id)::int as bound
    from extension_users u
    left join bindings b on b.tenant_id = u.tenant_id and b.extension_user_id = u.id
    where u.tenant_id = ${tenantId}`.execute(em.getKysely());
  return rows[0] ?? { all: 0, enabled: 0, bound: 0 };
};
