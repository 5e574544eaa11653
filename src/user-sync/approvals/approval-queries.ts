import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { HoldReason } from '../plan/brakes.ts';

export interface NewApproval {
  readonly tenantId: string;
  readonly id: string;
  readonly runId: string;
  readonly removals: number;
  readonly reason: HoldReason;
  readonly now: Date;
}

/** A run that read the whole directory knows better: what waited until now waits no longer. */
export const replacePendingApprovals = async (em: EntityManager, tenantId: string, now: Date): Promise<void> => {
  await sql`
    update approvals set state = 'replaced', ended_at = ${now.toISOString()}
    where tenant_id = ${tenantId} and state = 'pending'`.execute(em.getKysely());
};

/** One set of removals waits at a time; another one is planned again by the next run that reads the whole directory. */
export const insertApproval = async (em: EntityManager, approval: NewApproval): Promise<void> => {
  await sql`
    insert into approvals (tenant_id, id, run_id, state, removals, reason, created_at)
    values (${approval.tenantId}, ${approval.id}, ${approval.runId}, 'pending', ${approval.removals},
      ${approval.reason}, ${approval.now.toISOString()})
    on conflict do nothing`.execute(em.getKysely());
};

export interface ApprovalDecision {
  readonly tenantId: string;
  readonly id: string;
  readonly decidedBy: string;
  readonly now: Date;
}

export interface DecidedApproval {
  readonly run_id: string;
  readonly removals: number;
}

/** A refusal may be taken back as long as nothing newer waits for an answer. */
export const approve = async (em: EntityManager, decision: ApprovalDecision): Promise<DecidedApproval | undefined> => {
  const { rows } = await sql<DecidedApproval>`
    update approvals a set state = 'approved', decided_by = ${decision.decidedBy},
      decided_at = ${decision.now.toISOString()}, ended_at = null
    where tenant_id = ${decision.tenantId} and id = ${decision.id} and state in ('pending', 'rejected')
      and not exists (select from approvals newer
        where newer.tenant_id = a.tenant_id and newer.state = 'pending' and newer.id <> a.id)
    returning run_id, removals`.execute(em.getKysely());
  return rows[0];
};

export const reject = async (em: EntityManager, decision: ApprovalDecision): Promise<DecidedApproval | undefined> => {
  const { rows } = await sql<DecidedApproval>`
    update approvals set state = 'rejected', decided_by = ${decision.decidedBy},
      decided_at = ${decision.now.toISOString()}, ended_at = ${decision.now.toISOString()}
    where tenant_id = ${decision.tenantId} and id = ${decision.id} and state = 'pending'
    returning run_id, removals`.execute(em.getKysely());
  return rows[0];
};

/** Later plans keep these people for as long as the reason stays the same, or ask about them again. */
export const rememberRejection = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  isRejected: boolean,
): Promise<void> => {
  await sql`
    update bindings b set rejected_removal = case when ${isRejected} then c.reason end
    from plan_changes c
    where b.tenant_id = ${tenantId} and c.tenant_id = ${tenantId} and c.run_id = ${runId} and c.status = 'held'
      and c.action in ('disable', 'delete') and b.google_id = c.google_id`.execute(em.getKysely());
};

/** A removal that was held back, as it was planned. */
export interface HeldRow {
  readonly seq: number;
  readonly google_id: string;
  readonly extension_user_id: string;
  readonly action: 'disable' | 'delete';
  readonly reason: string;
}

export const selectHeldRows = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  limit: number,
): Promise<readonly HeldRow[]> => {
  const { rows } = await sql<HeldRow>`
    select seq, google_id, extension_user_id, action, reason from plan_changes
    where tenant_id = ${tenantId} and run_id = ${runId} and status = 'held' and action in ('disable', 'delete')
    order by seq limit ${limit}`.execute(em.getKysely());
  return rows;
};

export interface ApprovalProgress {
  readonly done: number;
  readonly failed: number;
  readonly stale: number;
}

export const countApproved = async (
  em: EntityManager,
  tenantId: string,
  id: string,
  { done, failed, stale }: ApprovalProgress,
): Promise<void> => {
  await sql`
    update approvals set done = done + ${done}, failed = failed + ${failed}, stale = stale + ${stale}
    where tenant_id = ${tenantId} and id = ${id}`.execute(em.getKysely());
};

export const endApproval = async (em: EntityManager, tenantId: string, id: string, now: Date): Promise<void> => {
  await sql`
    update approvals set state = 'applied', ended_at = ${now.toISOString()}
    where tenant_id = ${tenantId} and id = ${id} and state = 'approved'`.execute(em.getKysely());
};

/** The newest run that read the whole directory and whose pages are still there. */
export const selectNewestSnapshot = async (em: EntityManager, tenantId: string): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select id from sync_runs r
    where tenant_id = ${tenantId} and listing_complete
      and exists (select from directory_pages p where p.tenant_id = ${tenantId} and p.run_id = r.id)
    order by created_at desc limit 1`.execute(em.getKysely());
  return rows[0]?.id;
};

export interface UnappliedApproval {
  readonly tenant_id: string;
  readonly id: string;
}

/** Approved removals of every tenant that are not carried out yet. */
export const selectUnapplied = async (em: EntityManager, before: Date): Promise<readonly UnappliedApproval[]> => {
  const { rows } = await sql<UnappliedApproval>`
    select tenant_id, id from approvals
    where state = 'approved' and decided_at < ${before.toISOString()} order by decided_at limit 500`.execute(
    em.getKysely(),
  );
  return rows;
};
