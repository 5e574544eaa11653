import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { ExtensionState, PlanAction } from '../plan/plan-types.ts';

/** A planned row, with what is needed to carry it out. */
export interface PlannedRow {
  readonly seq: number;
  readonly google_id: string;
  readonly extension_user_id: string;
  readonly action: PlanAction;
  readonly extension_number: string | null;
  readonly after: ExtensionState;
  readonly expected_revision: number | null;
}

export const selectPlannedRows = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  afterSeq: number,
  limit: number,
): Promise<readonly PlannedRow[]> => {
  const { rows } = await sql<PlannedRow>`
    select seq, google_id, extension_user_id, action, extension_number, after, expected_revision
    from plan_changes
    where tenant_id = ${tenantId} and run_id = ${runId} and seq > ${afterSeq} and status = 'planned'
    order by seq limit ${limit}`.execute(em.getKysely());
  return rows;
};

/** The people of these rows who are bound to another extension by now: somebody was faster than the plan. */
export const selectBoundElsewhere = async (
  em: EntityManager,
  tenantId: string,
  rows: readonly PlannedRow[],
): Promise<ReadonlySet<string>> => {
  const googleIds = rows.map((row) => row.google_id);
  const userIds = rows.map((row) => row.extension_user_id);
  const { rows: bound } = await sql<{ google_id: string }>`
    select input.google_id from unnest(${googleIds}::text[], ${userIds}::uuid[]) as input(google_id, user_id)
    cross join lateral (
      select extension_user_id from bindings
      where tenant_id = ${tenantId} and google_id = input.google_id offset 0
    ) b
    where b.extension_user_id <> input.user_id`.execute(em.getKysely());
  return new Set(bound.map((row) => row.google_id));
};

/** What became of a row. `revision` is the extension's, when it was carried out. */
export interface SettledRow {
  readonly seq: number;
  readonly action: PlanAction;
  readonly reason: string | null;
  readonly status: 'done' | 'failed';
  readonly revision: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

export interface SettleRows {
  readonly tenantId: string;
  readonly runId: string;
  readonly rows: readonly SettledRow[];
  /** What the rows are until they are settled: planned, or held and approved now. */
  readonly from: 'planned' | 'held';
  readonly now: Date;
}

/** A batch lies close together in its plan. Told so, Postgres reads that part and not the whole plan for each batch. */
const withinBatch = (rows: readonly { readonly seq: number }[]) => {
  const seqs = rows.map(({ seq }) => seq);
  return sql`c.seq between ${Math.min(...seqs)} and ${Math.max(...seqs)}`;
};

/** Marks rows as done or failed, once each; answers those that were not marked before, by whoever else was at work. */
export const settleRows = async (
  em: EntityManager,
  { tenantId, runId, rows, from, now }: SettleRows,
): Promise<readonly SettledRow[]> => {
  if (rows.length === 0) return [];
  const { rows: marked } = await sql<{ seq: number }>`
    update plan_changes c set status = input.status, action = input.action, reason = coalesce(input.reason, c.reason),
      error_code = input.error_code, error_message = input.error_message, done_at = ${now.toISOString()}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as input(seq int, action text, reason text, status text, error_code text, error_message text)
    where c.tenant_id = ${tenantId} and c.run_id = ${runId} and ${withinBatch(rows)} and c.seq = input.seq
      and c.status = ${from}
    returning c.seq`.execute(em.getKysely());
  const seqs = new Set(marked.map(({ seq }) => seq));
  return rows.filter(({ seq }) => seqs.has(seq));
};

/** Binds created and linked people, and notes on every binding what was applied last. */
export const saveBindings = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  rows: readonly SettledRow[],
  now: Date,
): Promise<void> => {
  const done = rows.map(({ seq, revision }) => ({ seq, revision }));
  if (done.length === 0) return;
  await sql`
    insert into bindings (tenant_id, google_id, extension_user_id, origin, applied_hash, applied_revision, disabled_at)
    select c.tenant_id, c.google_id, c.extension_user_id, case when c.action = 'create' then 'created' else 'linked' end,
      c.applied_hash, input.revision, case when c.action = 'disable' then ${now.toISOString()}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(done)}::jsonb) as input(seq int, revision int)
    join plan_changes c on c.tenant_id = ${tenantId} and c.run_id = ${runId} and ${withinBatch(done)}
      and c.seq = input.seq
    on conflict (tenant_id, google_id) do update
      set applied_hash = excluded.applied_hash, applied_revision = excluded.applied_revision,
        disabled_at = excluded.disabled_at, rejected_removal = null
      where bindings.extension_user_id = excluded.extension_user_id`.execute(em.getKysely());
};

/** Frees people whose extension was deleted. */
export const dropBindings = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  seqs: readonly number[],
): Promise<void> => {
  if (seqs.length === 0) return;
  await sql`
    delete from bindings b using plan_changes c
    where b.tenant_id = ${tenantId} and c.tenant_id = ${tenantId} and c.run_id = ${runId}
      and c.seq = any(${[...seqs]}::int[]) and b.google_id = c.google_id
      and b.extension_user_id = c.extension_user_id`.execute(em.getKysely());
};

/** Counts what was settled, for the progress of the run and for its failure brake. */
export const countSettled = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  settled: readonly SettledRow[],
): Promise<void> => {
  const failed = settled.filter((row) => row.status === 'failed').length;
  await sql`
    update sync_runs set done = done + ${settled.length - failed}, failed = failed + ${failed}
    where tenant_id = ${tenantId} and id = ${runId}`.execute(em.getKysely());
};

/** Moves the checkpoint past rows that are all settled, so that nobody looks through them again. */
export const passCheckpoint = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  lastSeq: number,
): Promise<void> => {
  await sql`
    update sync_runs set applied_seq = greatest(applied_seq, ${lastSeq})
    where tenant_id = ${tenantId} and id = ${runId}`.execute(em.getKysely());
};
