import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

/** A Google user and the extension user that is theirs. Times are RFC 3339. */
export interface BindingRow {
  readonly google_id: string;
  /** As last read from Google; null for somebody who was never read. */
  readonly google_email: string | null;
  readonly google_name: string | null;
  readonly suspended: boolean;
  readonly user_id: string;
  readonly extension_number: string;
  readonly display_name: string;
  readonly enabled: boolean;
  readonly origin: 'created' | 'linked' | 'hand';
  readonly since: string;
}

export interface SelectBindings {
  readonly tenantId: string;
  readonly afterNumber: number;
  readonly limit: number;
  /** A pattern of `like`, or null. */
  readonly pattern: string | null;
  readonly googleId: string | null;
}

/** In the order of the extension numbers. */
export const selectBindings = async (em: EntityManager, query: SelectBindings): Promise<readonly BindingRow[]> => {
  const { rows } = await sql<BindingRow>`
    select b.google_id, g.email as google_email, g.profile ->> 'displayName' as google_name,
      coalesce((g.profile ->> 'suspended')::boolean, false) as suspended, u.id as user_id, u.extension_number,
      u.display_name, u.enabled, b.origin,
      to_char(b.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since
    from bindings b
    join extension_users u on u.tenant_id = ${query.tenantId} and u.id = b.extension_user_id
    left join google_users g on g.tenant_id = ${query.tenantId} and g.google_id = b.google_id
    where b.tenant_id = ${query.tenantId} and u.extension_number > ${query.afterNumber}
      and (${query.googleId}::text is null or b.google_id = ${query.googleId})
      and (${query.pattern}::text is null or g.email ilike ${query.pattern} or u.display_name ilike ${query.pattern}
        or u.email ilike ${query.pattern} or u.extension_number::text like ${query.pattern})
    order by u.extension_number limit ${query.limit}`.execute(em.getKysely());
  return rows;
};

/** What stands against a binding: the extension that the person has already, or the person that has the extension. */
export interface BindingObstacle {
  readonly google_id: string;
  readonly extension_user_id: string;
  readonly extension_number: string;
  readonly google_email: string | null;
}

export const selectObstacles = async (
  em: EntityManager,
  tenantId: string,
  googleId: string,
  userId: string,
): Promise<readonly BindingObstacle[]> => {
  const { rows } = await sql<BindingObstacle>`
    select b.google_id, b.extension_user_id, u.extension_number, g.email as google_email from bindings b
    join extension_users u on u.tenant_id = ${tenantId} and u.id = b.extension_user_id
    left join google_users g on g.tenant_id = ${tenantId} and g.google_id = b.google_id
    where b.tenant_id = ${tenantId} and (b.google_id = ${googleId} or b.extension_user_id = ${userId})`.execute(
    em.getKysely(),
  );
  return rows;
};

/** A Google user and the extension user to bind it to. */
export interface BindingPair {
  readonly googleId: string;
  readonly userId: string;
}

/**
 * Binds those pairs whose two sides are free and, when asked for, share their address; answers the Google ids that were
 * bound. A bound extension is judged by the next run, because nothing was applied to it yet.
 */
export const insertBindings = async (
  em: EntityManager,
  tenantId: string,
  pairs: readonly BindingPair[],
  onlySameEmail: boolean,
): Promise<readonly string[]> => {
  const { rows } = await sql<{ google_id: string }>`
    insert into bindings (tenant_id, google_id, extension_user_id, origin, disabled_at)
    select ${tenantId}::uuid, input."googleId", u.id, 'hand', case when u.disabled_by = 'sync' then now() end
    from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as input("googleId" text, "userId" uuid)
    join extension_users u on u.tenant_id = ${tenantId} and u.id = input."userId"
    left join google_users g on g.tenant_id = ${tenantId} and g.google_id = input."googleId"
    where not ${onlySameEmail} or lower(g.email) = lower(u.email)
    on conflict do nothing
    returning google_id`.execute(em.getKysely());
  return rows.map((row) => row.google_id);
};

/** Answers the extension that was freed; undefined when the person was not bound. The extension stays. */
export const deleteBinding = async (
  em: EntityManager,
  tenantId: string,
  googleId: string,
): Promise<string | undefined> => {
  const { rows } = await sql<{ extension_user_id: string }>`
    delete from bindings where tenant_id = ${tenantId} and google_id = ${googleId}
    returning extension_user_id`.execute(em.getKysely());
  return rows[0]?.extension_user_id;
};

export const existsExtension = async (em: EntityManager, tenantId: string, userId: string): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from extension_users where tenant_id = ${tenantId} and id = ${userId}`.execute(em.getKysely());
  return rows.length === 1;
};
