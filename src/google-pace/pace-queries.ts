import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';

/** One request for turns, in the numbers of the arithmetic below. */
export interface TurnRequest {
  readonly tenantId: string;
  readonly permits: number;
  /** The same while another tenant of the project asks as well: small blocks take turns. */
  readonly sharedPermits: number;
  /** The time that one request of the project takes up. */
  readonly spacingMs: number;
  /** How much of the queue this urgency passes by. */
  readonly aheadMs: number;
  readonly longestWaitMs: number;
  /** Requests of one account at the same time, when Google has not complained. */
  readonly mostParallel: number;
}

export interface Turn {
  /** False: the turn is too far away, and nothing was taken. */
  readonly taken: boolean;
  readonly wait_ms: number;
  readonly permits: number;
  readonly parallel: number;
}

/** An account that was told to do less at a time gets one more back after so many seconds. */
const PARALLEL_RECOVERS_SECONDS = 10;

/**
 * Takes the next turns of the tenant's Google project: a queue whose end (`next_at`) moves by the time that the
 * requests take up. One row, locked for one statement; undefined when the project has no row yet.
 */
export const takeTurn = async (em: EntityManager, turn: TurnRequest): Promise<Turn | undefined> => {
  const ms = (milliseconds: number) => sql`${milliseconds}::float8 * interval '1 millisecond'`;
  const { rows } = await sql<Turn>`
    with held as (
      select p.* from google_project_pace p
      where p.project_key = (select split_part(client_id, '-', 1) from integrations where tenant_id = ${turn.tenantId})
      for update
    ), seen as materialized (
      select held.project_key, held.next_at, clock.now, a.parallel, a.refused_at,
        greatest(clock.now, held.paused_until, a.paused_until, held.next_at - ${ms(turn.aheadMs)}) as starts_at,
        case when held.last_tenant_id <> ${turn.tenantId}::uuid
            and held.next_at > clock.now - interval '1 second'
          then ${turn.sharedPermits}::int else ${turn.permits}::int end as permits
      from held cross join lateral (select clock_timestamp() as now where held.project_key is not null) clock
      left join google_account_pace a on a.tenant_id = ${turn.tenantId}
    ), decided as (
      select *, starts_at - now <= ${ms(turn.longestWaitMs)} as taken from seen
    ), booked as (
      update google_project_pace p set last_tenant_id = ${turn.tenantId},
        next_at = greatest(d.next_at, d.starts_at) + d.permits * ${ms(turn.spacingMs)}
      from decided d where p.project_key = d.project_key and d.taken
    )
    select taken, permits, (extract(epoch from starts_at - now) * 1000)::float8 as wait_ms,
      least(${turn.mostParallel}::int, coalesce(parallel
        + floor(extract(epoch from now - refused_at) / ${PARALLEL_RECOVERS_SECONDS}), ${turn.mostParallel}))::int
        as parallel
    from decided`.execute(em.getKysely());
  return rows[0];
};

/** Makes the row of the tenant's project; false when the tenant has no Google project. */
export const openProject = async (em: EntityManager, tenantId: string): Promise<boolean> => {
  const { rows } = await sql`
    with project as (
      select split_part(client_id, '-', 1) as project_key from integrations
      where tenant_id = ${tenantId} and client_id is not null
    ), made as (
      insert into google_project_pace (project_key) select project_key from project on conflict do nothing
    )
    select from project`.execute(em.getKysely());
  return rows.length === 1;
};

export interface Refusal {
  readonly tenantId: string;
  /** As Google told it; undefined: twice as long as after the last refusal, and at least `shortestMs`. */
  readonly toldMs: number | undefined;
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** So many seconds without a refusal after a pause take one doubling back, so that now and then one stays a short pause. */
const DOUBLING_RECOVERS_SECONDS = 5;

/** A refusal counts once, however many requests were under way when it came. */
const pausedBy = ({ toldMs, shortestMs, longestMs }: Refusal, row: 'p' | 'a') => {
  const r = sql.raw(row);
  const refusals = sql`(case
    when ${r}.paused_until > clock_timestamp() then greatest(${r}.refusals, 1)
    else greatest(0, ${r}.refusals - coalesce(floor(extract(epoch from clock_timestamp() - ${r}.paused_until)
      / ${DOUBLING_RECOVERS_SECONDS}), 0))::int + 1 end)`;
  const untold = sql`least(${longestMs}::float8, ${shortestMs}::float8 * power(2, least(${refusals}, 20) - 1) + random() * 1000)`;
  return {
    refusals,
    until: sql`greatest(${r}.paused_until,
      clock_timestamp() + coalesce(${toldMs ?? null}::float8, ${untold}) * interval '1 millisecond')`,
  };
};

/** Nobody of the tenant's project asks Google before the pause is over. */
export const pauseProject = async (em: EntityManager, refusal: Refusal): Promise<void> => {
  const { refusals, until } = pausedBy(refusal, 'p');
  await sql`
    update google_project_pace p set paused_until = ${until}, refusals = ${refusals}, refused_at = clock_timestamp()
    where p.project_key = (
      select split_part(client_id, '-', 1) from integrations where tenant_id = ${refusal.tenantId}
    )`.execute(em.getKysely());
};

/** The tenant's account is left alone until the pause is over, and then asked half as much at the same time. */
export const pauseAccount = async (em: EntityManager, refusal: Refusal, mostParallel: number): Promise<void> => {
  const { refusals, until } = pausedBy(refusal, 'a');
  await sql`
    insert into google_account_pace (tenant_id, parallel) values (${refusal.tenantId}, ${mostParallel})
    on conflict do nothing`.execute(em.getKysely());
  await sql`
    update google_account_pace a set paused_until = ${until}, refusals = ${refusals}, refused_at = clock_timestamp(),
      parallel = case when a.paused_until > clock_timestamp() then a.parallel
        else greatest(1, least(${mostParallel}, a.parallel
          + coalesce(floor(extract(epoch from clock_timestamp() - a.refused_at) / ${PARALLEL_RECOVERS_SECONDS}), 0))
          / 2)::int end
    where a.tenant_id = ${refusal.tenantId}`.execute(em.getKysely());
};
