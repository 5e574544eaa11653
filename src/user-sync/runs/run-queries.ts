import { sql } from 'kysely';
import type { SyncRun, SyncRunState } from '../../db/entities/index.ts';
import type { EntityManager } from '../../db/orm.ts';

/** The row of a run as the steps of a sync need it. */
export interface RunRow {
  readonly id: string;
  readonly state: SyncRunState;
  readonly trigger: SyncRun['trigger'];
  readonly partial: boolean;
  readonly dry_run: boolean;
  readonly apply_plan_of: string | null;
  readonly cancel_requested: boolean;
  readonly listing: number;
  readonly listing_age_ms: number | null;
  readonly people_complete: boolean;
  /** Everybody was read, and every group of the scope. */
  readonly listing_complete: boolean;
  readonly next_page_token: string | null;
  readonly pages_read: number;
  readonly users_read: number;
  /** The groups of the scope when this listing began; `groups_read` of them were read to their end. */
  readonly scope_groups: readonly string[];
  readonly groups_read: number;
  readonly group_page: number;
  readonly group_page_token: string | null;
  readonly planned: boolean;
  readonly finished: boolean;
  readonly applied_seq: number;
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly held_removals: number;
}

export const selectRun = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  now: Date,
): Promise<RunRow | undefined> => {
  const { rows } = await sql<RunRow>`
    select id, state, trigger, partial, dry_run, apply_plan_of, cancel_requested, listing,
      (extract(epoch from ${now.toISOString()}::timestamptz - listing_started_at) * 1000)::float8 as listing_age_ms,
      people_complete, listing_complete, next_page_token, pages_read, users_read, scope_groups, groups_read, group_page,
      group_page_token, planned_at is not null as planned,
      finished_at is not null as finished, applied_seq, done, failed, total, held_removals
    from sync_runs where tenant_id = ${tenantId} and id = ${runId}`.execute(em.getKysely());
  return rows[0];
};

export interface NewRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly trigger: 'manual' | 'schedule';
  readonly requestedBy: string | null;
  readonly dryRun: boolean;
  readonly applyPlanOf: string | null;
  readonly now: Date;
}

/** True when the run is made; false when another full run of the tenant is active. */
export const insertRun = async (em: EntityManager, run: NewRun): Promise<boolean> => {
  const { rows } = await sql`
    insert into sync_runs (tenant_id, id, trigger, requested_by, dry_run, apply_plan_of, state, created_at)
    values (${run.tenantId}, ${run.runId}, ${run.trigger}, ${run.requestedBy}, ${run.dryRun}, ${run.applyPlanOf},
      'reading', ${run.now.toISOString()})
    on conflict (tenant_id) where finished_at is null and not partial do nothing
    returning id`.execute(em.getKysely());
  return rows.length === 1;
};

/** Marks the begin of the first step, and counts each time a step is taken up again after it was lost. */
export const markStep = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  state: SyncRunState,
  resumed: boolean,
  now: Date,
): Promise<void> => {
  await sql`
    update sync_runs set state = ${state}, resumed = resumed + ${resumed ? 1 : 0},
      started_at = coalesce(started_at, ${now.toISOString()}::timestamptz), waiting_until = null, waiting_code = null
    where tenant_id = ${tenantId} and id = ${runId} and finished_at is null
      and (state <> ${state} or started_at is null or waiting_until is not null or ${resumed})`.execute(em.getKysely());
};

/** Notes that the run sleeps, and why, for whoever looks at it; its next step ends that. */
export const noteWaiting = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  waiting: { readonly until: Date; readonly code: string },
): Promise<void> => {
  await sql`
    update sync_runs set waiting_until = ${waiting.until.toISOString()}, waiting_code = ${waiting.code}
    where tenant_id = ${tenantId} and id = ${runId} and finished_at is null`.execute(em.getKysely());
};

/** Forgets the pages read so far; the listing begins again under the next listing number, which fences late pages. */
export const restartListing = async (em: EntityManager, tenantId: string, runId: string, now: Date): Promise<void> => {
  await sql`
    update sync_runs set listing = listing + 1, listing_started_at = ${now.toISOString()}, people_complete = false,
      listing_complete = false, next_page_token = null, pages_read = 0, users_read = 0, groups_read = 0,
      group_page = 0, group_page_token = null, scope_groups = array(
        select distinct name from sync_settings, jsonb_array_elements_text(scope -> 'groups') as name
        where tenant_id = ${tenantId} order by name)
    where tenant_id = ${tenantId} and id = ${runId} and planned_at is null and finished_at is null`.execute(
    em.getKysely(),
  );
  // Only now, with the run's row locked: a page of the listing before can no longer be stored in between.
  await sql`delete from directory_pages where tenant_id = ${tenantId} and run_id = ${runId}`.execute(em.getKysely());
  await sql`delete from group_member_pages where tenant_id = ${tenantId} and run_id = ${runId}`.execute(em.getKysely());
};

export const markCancelRequested = async (em: EntityManager, tenantId: string, runId: string): Promise<void> => {
  await sql`
    update sync_runs set cancel_requested = true
    where tenant_id = ${tenantId} and id = ${runId} and finished_at is null`.execute(em.getKysely());
};

export interface RunEnd {
  readonly tenantId: string;
  readonly runId: string;
  readonly state: 'succeeded' | 'partly' | 'failed' | 'cancelled';
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly now: Date;
}

/** Ends the run once; a second end changes nothing. */
export const endRun = async (em: EntityManager, end: RunEnd): Promise<void> => {
  await sql`
    update sync_runs set state = ${end.state}, problem_code = ${end.problem?.code ?? null},
      problem_message = ${end.problem?.message ?? null}, finished_at = ${end.now.toISOString()}, next_page_token = null,
      group_page_token = null, waiting_until = null, waiting_code = null
    where tenant_id = ${end.tenantId} and id = ${end.runId} and finished_at is null`.execute(em.getKysely());
};

/**
 * Keeps the pages, and the groups' members, of the newest complete listings and of runs under way; others prove nothing
 * any more.
 */
export const dropOldPages = async (em: EntityManager, tenantId: string, keep: number): Promise<void> => {
  await sql`
    with kept as materialized (
      (select id from sync_runs where tenant_id = ${tenantId} and listing_complete
        order by created_at desc limit ${keep})
      union all
      select id from sync_runs where tenant_id = ${tenantId} and finished_at is null
    ), members as (
      delete from group_member_pages where tenant_id = ${tenantId} and run_id not in (select id from kept)
    )
    delete from directory_pages where tenant_id = ${tenantId} and run_id not in (select id from kept)`.execute(
    em.getKysely(),
  );
};

export interface UnstartedRun {
  readonly tenant_id: string;
  readonly id: string;
}

/** Active runs of every tenant that no workflow has taken up: Temporal was away when they were asked for. */
export const selectUnstartedRuns = async (em: EntityManager, before: Date): Promise<readonly UnstartedRun[]> => {
  const { rows } = await sql<UnstartedRun>`
    select tenant_id, id from sync_runs
    where finished_at is null and started_at is null and created_at < ${before.toISOString()}
    order by created_at limit 500`.execute(em.getKysely());
  return rows;
};
