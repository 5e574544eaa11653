import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

/** Somebody whom an administrator means by a Google id, an e-mail address or an extension number. */
export interface MeantPerson {
  readonly google_id: string | null;
  readonly user_id: string | null;
}

/** Bound people first, then whom Google lists, then extensions that belong to nobody at Google. */
export const selectMeant = async (
  em: EntityManager,
  tenantId: string,
  asked: string,
): Promise<MeantPerson | undefined> => {
  const number = /^[1-9]\d{2,12}$/.test(asked) ? asked : null;
  const { rows } = await sql<MeantPerson>`
    with extensions as (
      select u.id as user_id, b.google_id from extension_users u
      left join bindings b on b.tenant_id = ${tenantId} and b.extension_user_id = u.id
      where u.tenant_id = ${tenantId}
        and (lower(u.email) = lower(${asked}) or u.extension_number = ${number}::bigint or b.google_id = ${asked})
    ), google as (
      select b.extension_user_id as user_id, g.google_id from google_users g
      left join bindings b on b.tenant_id = ${tenantId} and b.google_id = g.google_id
      where g.tenant_id = ${tenantId} and (g.google_id = ${asked} or lower(g.email) = lower(${asked}))
    ), past as (
      select null::uuid as user_id, google_id from plan_changes
      where tenant_id = ${tenantId} and (google_id = ${asked} or lower(email) = lower(${asked})) limit 1
    )
    select user_id, google_id from (
      select user_id, google_id, case when user_id is not null and google_id is not null then 1 else 2 end as rank
      from google
      union all
      select user_id, google_id, case when google_id is not null then 1 else 3 end from extensions
      union all
      select user_id, google_id, 4 from past
    ) meant
    order by rank, google_id limit 1`.execute(em.getKysely());
  return rows[0];
};

export interface BindingRow {
  readonly origin: 'created' | 'linked' | 'hand';
  readonly since_ms: number;
}

export const selectBinding = async (
  em: EntityManager,
  tenantId: string,
  googleId: string,
): Promise<BindingRow | undefined> => {
  const { rows } = await sql<BindingRow>`
    select origin, (extract(epoch from created_at) * 1000)::float8 as since_ms from bindings
    where tenant_id = ${tenantId} and google_id = ${googleId}`.execute(em.getKysely());
  return rows[0];
};

/** One thing that a run did or would not do to a person. */
export interface HistoryRow {
  readonly run_id: string;
  readonly trigger: 'manual' | 'schedule' | 'push' | 'one-user';
  readonly requested_by: string | null;
  readonly action: string;
  readonly status: string;
  readonly reason: string;
  readonly extension_number: string | null;
  readonly extension_user_id: string | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly at_ms: number;
}

/** Newest first; previews left out, because they changed nothing. */
export const selectHistory = async (
  em: EntityManager,
  tenantId: string,
  googleId: string,
  limit: number,
): Promise<readonly HistoryRow[]> => {
  const { rows } = await sql<HistoryRow>`
    select c.run_id, r.trigger, r.requested_by, c.action, c.status, c.reason, c.extension_number, c.extension_user_id,
      c.before, c.after, c.error_code, c.error_message,
      (extract(epoch from coalesce(c.done_at, r.planned_at, r.created_at)) * 1000)::float8 as at_ms
    from plan_changes c
    join sync_runs r on r.tenant_id = ${tenantId} and r.id = c.run_id and not r.dry_run
    where c.tenant_id = ${tenantId} and c.google_id = ${googleId}
    order by r.created_at desc, c.seq desc limit ${limit}`.execute(em.getKysely());
  return rows;
};

export interface PhotoTroubleRow {
  readonly code: string;
  readonly message: string | null;
  readonly retry_ms: number;
}

/** Why the photo of somebody could not be fetched the last time; undefined when there is no trouble. */
export const selectPhotoTrouble = async (
  em: EntityManager,
  tenantId: string,
  googleId: string,
): Promise<PhotoTroubleRow | undefined> => {
  const { rows } = await sql<PhotoTroubleRow>`
    select error_code as code, error_message as message, (extract(epoch from retry_at) * 1000)::float8 as retry_ms
    from photos where tenant_id = ${tenantId} and google_id = ${googleId} and failures > 0`.execute(em.getKysely());
  return rows[0];
};

export interface SnapshotTime {
  readonly run_id: string;
  readonly at_ms: number;
}

/** When the newest listing that is complete and still kept was read. */
export const selectSnapshotTime = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
): Promise<SnapshotTime | undefined> => {
  const { rows } = await sql<SnapshotTime>`
    select run_id, (extract(epoch from max(read_at)) * 1000)::float8 as at_ms from directory_pages
    where tenant_id = ${tenantId} and run_id = ${runId} group by run_id`.execute(em.getKysely());
  return rows[0];
};
