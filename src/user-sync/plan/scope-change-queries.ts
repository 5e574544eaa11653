import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

/**
 * By which rules the newest applied run and the newest preview after it judged. Partial runs do not count: they saw a
 * few people only; nor does a run whose removals were held until somebody looks.
 */
export const selectRulesHistory = async (
  em: EntityManager,
  tenantId: string,
): Promise<{ readonly lastApplied: string | null; readonly lastPreviewed: string | null }> => {
  const { rows } = await sql<{ last_applied: string | null; last_previewed: string | null }>`
    with ended as (
      select rules, dry_run, rules_held, created_at from sync_runs
      where tenant_id = ${tenantId} and not partial and state in ('succeeded', 'partly') and rules is not null
    ), applied as (
      select rules, created_at from ended where not dry_run and not rules_held order by created_at desc limit 1
    )
    select (select rules from applied) as last_applied,
      (select rules from ended
        where dry_run and created_at > coalesce((select created_at from applied), '-infinity'::timestamptz)
        order by created_at desc limit 1) as last_previewed`.execute(em.getKysely());
  const [row] = rows;
  return { lastApplied: row?.last_applied ?? null, lastPreviewed: row?.last_previewed ?? null };
};

/** Notes by which rules a run judges, and whether removals wait for somebody to look at what they do. */
export const saveRules = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  rules: string,
  held: boolean,
): Promise<void> => {
  await sql`
    update sync_runs set rules = ${rules}, rules_held = ${held}
    where tenant_id = ${tenantId} and id = ${runId} and planned_at is null`.execute(em.getKysely());
};

/** A run that applies a preview goes by the rules of that preview, and somebody has looked at it. */
export const copyRules = async (
  em: EntityManager,
  tenantId: string,
  fromRunId: string,
  toRunId: string,
): Promise<void> => {
  await sql`
    update sync_runs r set rules = preview.rules, rules_held = false
    from sync_runs preview
    where preview.tenant_id = ${tenantId} and preview.id = ${fromRunId}
      and r.tenant_id = ${tenantId} and r.id = ${toRunId} and r.planned_at is null`.execute(em.getKysely());
};

/** Holds the planned removals of people who are out of scope; answers how many they are. */
export const holdOutOfScope = async (em: EntityManager, tenantId: string, runId: string): Promise<number> => {
  const { rows } = await sql`
    update plan_changes set status = 'held'
    where tenant_id = ${tenantId} and run_id = ${runId} and status = 'planned'
      and action in ('disable', 'delete') and reason = 'out-of-scope'
    returning seq`.execute(em.getKysely());
  return rows.length;
};
