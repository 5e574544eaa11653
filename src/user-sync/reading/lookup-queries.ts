import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

/** Whose extension a Google user has. */
export interface BoundTo {
  readonly google_id: string;
  readonly user_id: string;
  readonly extension_number: string;
}

export const selectBoundTo = async (
  em: EntityManager,
  tenantId: string,
  googleIds: readonly string[],
): Promise<readonly BoundTo[]> => {
  const { rows } = await sql<BoundTo>`
    select b.google_id, u.id as user_id, u.extension_number from bindings b
    join extension_users u on u.tenant_id = ${tenantId} and u.id = b.extension_user_id
    where b.tenant_id = ${tenantId} and b.google_id = any(${[...googleIds]}::text[])`.execute(em.getKysely());
  return rows;
};

export interface SeenDomain {
  readonly domain: string;
  readonly people: number;
}

/** The domains of the people that were read from the directory so far, the most used first. */
export const selectSeenDomains = async (
  em: EntityManager,
  tenantId: string,
  pattern: string,
  limit: number,
): Promise<readonly SeenDomain[]> => {
  const { rows } = await sql<SeenDomain>`
    select lower(substring(email from '[^@]*$')) as domain, count(*)::int as people from google_users
    where tenant_id = ${tenantId} and lower(substring(email from '[^@]*$')) like ${pattern}
    group by 1 order by 2 desc, 1 limit ${limit}`.execute(em.getKysely());
  return rows;
};

/** The organizational units of the people that were read from the directory so far. */
export const selectSeenOrgUnits = async (
  em: EntityManager,
  tenantId: string,
  pattern: string,
  limit: number,
): Promise<readonly { readonly path: string }[]> => {
  const { rows } = await sql<{ path: string }>`
    select distinct profile ->> 'orgUnitPath' as path from google_users
    where tenant_id = ${tenantId} and profile ->> 'orgUnitPath' ilike ${pattern}
    order by 1 limit ${limit}`.execute(em.getKysely());
  return rows;
};
