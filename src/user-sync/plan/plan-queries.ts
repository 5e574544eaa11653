import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { ChangeStatus, ExtensionState, PlanAction, PlanReason } from './plan-types.ts';

/** One row of a plan on its way into the database. */
export interface PlannedChange {
  readonly seq: number;
  readonly googleId: string;
  readonly extensionUserId: string | null;
  readonly action: PlanAction;
  readonly status: ChangeStatus;
  readonly reason: PlanReason;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly extensionNumber: number | null;
  readonly before: ExtensionState | null;
  readonly after: ExtensionState | null;
  readonly expectedRevision: number | null;
  readonly appliedHash: string;
}

export const insertChanges = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  changes: readonly PlannedChange[],
): Promise<void> => {
  if (changes.length === 0) return;
  await sql`
    insert into plan_changes (tenant_id, run_id, seq, google_id, extension_user_id, action, status, reason, email,
      display_name, extension_number, before, after, expected_revision, applied_hash)
    select ${tenantId}::uuid, ${runId}::uuid, seq, "googleId", "extensionUserId", action, status, reason, email,
      "displayName", "extensionNumber", nullif(before, 'null'), nullif(after, 'null'), "expectedRevision",
      "appliedHash"
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as input(
      seq int, "googleId" text, "extensionUserId" uuid, action text, status text, reason text, email text,
      "displayName" text, "extensionNumber" bigint, before jsonb, after jsonb, "expectedRevision" int,
      "appliedHash" text)`.execute(em.getKysely());
};

export interface Reviewed {
  readonly googleId: string;
  readonly appliedHash: string;
}

/** Bound people who were looked at and need no change: they are not looked at again until something changes. */
export const markReviewed = async (
  em: EntityManager,
  tenantId: string,
  reviewed: readonly Reviewed[],
): Promise<void> => {
  if (reviewed.length === 0) return;
  const ids = reviewed.map(({ googleId }) => googleId);
  const hashes = reviewed.map(({ appliedHash }) => appliedHash);
  await sql`
    update bindings b set applied_hash = input.applied_hash, applied_revision = u.revision, rejected_removal = null
    from unnest(${ids}::text[], ${hashes}::text[]) as input(google_id, applied_hash), extension_users u
    where b.tenant_id = ${tenantId} and b.google_id = input.google_id
      and u.tenant_id = ${tenantId} and u.id = b.extension_user_id`.execute(em.getKysely());
};

export interface PlanFigures {
  /** People that the complete listing holds. */
  readonly listed: number;
  readonly bound: number;
  /** Disables and deletes that were carried out since the given time and that nobody approved. */
  readonly removedLately: number;
}

export const selectPlanFigures = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  since: Date,
): Promise<PlanFigures> => {
  const { rows } = await sql<PlanFigures>`
    select
      (select count(distinct google_id)::int from directory_pages, unnest(google_ids) as google_id
        where tenant_id = ${tenantId} and run_id = ${runId}) as listed,
      (select count(*)::int from bindings where tenant_id = ${tenantId}) as bound,
      (select count(*)::int from sync_runs r join plan_changes c on c.tenant_id = r.tenant_id and c.run_id = r.id
        where r.tenant_id = ${tenantId} and coalesce(r.finished_at, now()) >= ${since.toISOString()}::timestamptz
          and c.action in ('disable', 'delete') and c.status = 'done' and c.done_at >= ${since.toISOString()}::timestamptz
          and not exists (select from approvals a
            where a.tenant_id = r.tenant_id and a.run_id = r.id and a.state in ('approved', 'applied'))
      ) as "removedLately"`.execute(em.getKysely());
  return rows[0] ?? { listed: 0, bound: 0, removedLately: 0 };
};

/** The rows of a preview that are to be done, as the plan of another run. What went stale is told when it is applied. */
export const copyPlan = async (
  em: EntityManager,
  tenantId: string,
  fromRunId: string,
  toRunId: string,
): Promise<void> => {
  await sql`
    insert into plan_changes (tenant_id, run_id, seq, google_id, extension_user_id, action, status, reason, email,
      display_name, extension_number, before, after, expected_revision, applied_hash)
    select tenant_id, ${toRunId}::uuid, seq, google_id, extension_user_id, action,
      case when action in ('disable', 'delete') then 'planned' else status end, reason, email, display_name,
      extension_number, before, after, expected_revision, applied_hash
    from plan_changes where tenant_id = ${tenantId} and run_id = ${fromRunId}`.execute(em.getKysely());
};

export const countActions = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
): Promise<ReadonlyMap<PlanAction, number>> => {
  const { rows } = await sql<{ action: PlanAction; n: number }>`
    select action, count(*)::int as n from plan_changes
    where tenant_id = ${tenantId} and run_id = ${runId} group by action`.execute(em.getKysely());
  return new Map(rows.map(({ action, n }) => [action, n]));
};

export const holdRemovals = async (em: EntityManager, tenantId: string, runId: string): Promise<void> => {
  await sql`
    update plan_changes set status = 'held'
    where tenant_id = ${tenantId} and run_id = ${runId} and action in ('disable', 'delete')`.execute(em.getKysely());
};

export interface PlanSummary {
  readonly counts: Readonly<Record<string, number>>;
  readonly heldRemovals: number;
  readonly total: number;
}

/** Ends the planning of a run; false when it was ended before, so that this plan is one too many. */
export const savePlanSummary = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  summary: PlanSummary,
  now: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update sync_runs set counts = ${JSON.stringify(summary.counts)}::jsonb, held_removals = ${summary.heldRemovals},
      total = ${summary.total}, planned_at = ${now.toISOString()}
    where tenant_id = ${tenantId} and id = ${runId} and planned_at is null and finished_at is null
    returning id`.execute(em.getKysely());
  return rows.length === 1;
};
