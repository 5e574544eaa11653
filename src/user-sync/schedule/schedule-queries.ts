import { sql } from 'kysely';
import type { SyncTick } from '../../db/entities/index.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { ScheduleFacts } from './schedule-times.ts';

/** Active tenants in automatic mode; connected means that somebody authorized and nobody disconnected since. */
const automaticTenants = sql`
  select s.tenant_id as "tenantId", s.schedule, t.time_zone as "timeZone", s.paused,
    exists (
      select from integrations i join grants g on g.tenant_id = i.tenant_id and g.integration_id = i.id
      where i.tenant_id = s.tenant_id and i.disconnected_at is null
    ) as connected
  from sync_settings s join tenants t on t.id = s.tenant_id
  where s.mode = 'automatic' and t.state = 'active'`;

/** The next tenants behind one, in the order of their ids. */
export const selectScheduleFactsPage = async (
  em: EntityManager,
  after: string,
  limit: number,
): Promise<readonly ScheduleFacts[]> => {
  const { rows } = await sql<ScheduleFacts>`
    ${automaticTenants} and s.tenant_id > ${after} order by s.tenant_id limit ${limit}`.execute(em.getKysely());
  return rows;
};

/** Undefined when the tenant is to have no schedule. */
export const selectScheduleFacts = async (em: EntityManager, tenantId: string): Promise<ScheduleFacts | undefined> => {
  const { rows } = await sql<ScheduleFacts>`${automaticTenants} and s.tenant_id = ${tenantId}`.execute(em.getKysely());
  return rows[0];
};

/** Notes what became of a time that started no run. A time that was noted already, or whose tenant is gone, stays so. */
export const insertTick = async (em: EntityManager, tick: SyncTick): Promise<void> => {
  await sql`
    insert into sync_ticks (tenant_id, id, scheduled_for, taken_at, outcome, run_id, code, message)
    select ${tick.tenantId}, ${tick.id}, ${tick.scheduledFor.toISOString()}, ${tick.takenAt.toISOString()},
      ${tick.outcome}, ${tick.runId ?? null}, ${tick.code ?? null}, ${tick.message ?? null}
    from tenants where id = ${tick.tenantId}
    on conflict (tenant_id, id) do nothing`.execute(em.getKysely());
};

export const deleteTicksBefore = async (em: EntityManager, tenantId: string, before: Date): Promise<void> => {
  await sql`
    delete from sync_ticks where tenant_id = ${tenantId} and scheduled_for < ${before.toISOString()}`.execute(
    em.getKysely(),
  );
};
