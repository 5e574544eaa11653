import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

/**
 * Runs that ended before `before` and that nothing needs: no removal of theirs waits for a decision, their listing is
 * not one of those that are kept, no other run took over their plan. Oldest first; those that another process is at are
 * left out.
 */
const expiredRuns = (before: Date, limit: number) => sql`
  select r.tenant_id, r.id from sync_runs r
  where r.finished_at < ${before.toISOString()}::timestamptz
    and not exists (select from approvals a
      where a.tenant_id = r.tenant_id and a.run_id = r.id and a.state in ('pending', 'approved'))
    and not exists (select from directory_pages p where p.tenant_id = r.tenant_id and p.run_id = r.id)
    and not exists (select from sync_runs o where o.tenant_id = r.tenant_id and o.apply_plan_of = r.id)
  order by r.finished_at limit ${limit}
  for update of r skip locked`;

/** Deletes up to `rows` rows of the logs of up to `runs` expired runs; answers how many. */
export const deleteExpiredChanges = async (
  em: EntityManager,
  before: Date,
  runs: number,
  rows: number,
): Promise<number> => {
  // every tenant: how long logs are kept is set for the whole installation
  const { rows: deleted } = await sql`
    with expired as materialized (${expiredRuns(before, runs)}), old as materialized (
      select c.tenant_id, c.run_id, c.seq from expired
      join plan_changes c on c.tenant_id = expired.tenant_id and c.run_id = expired.id limit ${rows}
    )
    delete from plan_changes c using old
    where c.tenant_id = old.tenant_id and c.run_id = old.run_id and c.seq = old.seq
    returning 1`.execute(em.getKysely());
  return deleted.length;
};

/** Deletes up to `runs` expired runs that have no log any more; answers how many. */
export const deleteExpiredRuns = async (em: EntityManager, before: Date, runs: number): Promise<number> => {
  // every tenant: how long logs are kept is set for the whole installation
  const { rows: deleted } = await sql`
    with expired as materialized (${expiredRuns(before, runs)})
    delete from sync_runs r using expired
    where r.tenant_id = expired.tenant_id and r.id = expired.id
      and not exists (select from plan_changes c where c.tenant_id = r.tenant_id and c.run_id = r.id)
    returning 1`.execute(em.getKysely());
  return deleted.length;
};

/** Deletes up to `limit` notes of when a schedule came round; answers how many. */
export const deleteExpiredTicks = async (em: EntityManager, before: Date, limit: number): Promise<number> => {
  // every tenant: how long logs are kept is set for the whole installation
  const { rows: deleted } = await sql`
    delete from sync_ticks t using (
      select tenant_id, id from sync_ticks where scheduled_for < ${before.toISOString()}::timestamptz
      order by scheduled_for limit ${limit} for update skip locked) as old
    where t.tenant_id = old.tenant_id and t.id = old.id
    returning 1`.execute(em.getKysely());
  return deleted.length;
};

export const selectTenantsWithProfiles = async (em: EntityManager): Promise<readonly string[]> => {
  // every tenant: the profiles of each are looked through on their own
  const { rows } = await sql<{ id: string }>`
    select t.id from tenants t where exists (select from google_users g where g.tenant_id = t.id)
    order by t.id`.execute(em.getKysely());
  return rows.map(({ id }) => id);
};

/**
 * Deletes the profiles of people who have no extension, were last changed before `before` and are in none of the
 * listings that are kept; answers how many.
 */
export const deleteForgottenProfiles = async (em: EntityManager, tenantId: string, before: Date): Promise<number> => {
  const { rows: deleted } = await sql`
    with listed as materialized (
      select distinct unnest(google_ids) collate "C" as google_id from directory_pages where tenant_id = ${tenantId}
    ), old as materialized (
      select g.google_id from google_users g
      left join listed on listed.google_id = g.google_id
      left join bindings b on b.tenant_id = ${tenantId} and b.google_id = g.google_id
      where g.tenant_id = ${tenantId} and g.updated_at < ${before.toISOString()}::timestamptz
        and listed.google_id is null and b.google_id is null
    )
    delete from google_users g using old where g.tenant_id = ${tenantId} and g.google_id = old.google_id
    returning 1`.execute(em.getKysely());
  return deleted.length;
};
