import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';
import type { PbxPhone } from '../pbx/index.ts';
import type { BoundExtension, Candidate, EmailMatch } from './decide.ts';
import type { ChangeStatus, ExtensionState, PlanAction, PlanReason } from './plan-types.ts';
import type { Profile } from './profile.ts';

interface ExtensionJson {
  readonly id: string;
  readonly extension_number: number;
  readonly revision: number;
  readonly display_name: string;
  readonly email: string | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly phones: readonly PbxPhone[];
  readonly department: string | null;
  readonly title: string | null;
  readonly enabled: boolean;
  readonly disabled_by: 'sync' | 'administrator' | null;
}

interface CandidateRow {
  readonly google_id: string;
  readonly listed: boolean;
  readonly profile: Profile | null;
  readonly profile_hash: string | null;
  readonly bound: ExtensionJson | null;
  readonly email_matches: readonly (ExtensionJson & { readonly bound_to: string | null })[] | null;
  readonly email_taken_earlier: boolean;
}

/** A candidate with the hash that its binding gets when the decision is carried out. */
export interface PlanCandidate extends Candidate {
  readonly appliedHash: string;
}

const toState = (row: ExtensionJson): ExtensionState => ({
  displayName: row.display_name,
  email: row.email,
  givenName: row.given_name,
  familyName: row.family_name,
  phones: row.phones,
  department: row.department,
  title: row.title,
  enabled: row.enabled,
});

const toBound = (row: ExtensionJson): BoundExtension => ({
  userId: row.id,
  extensionNumber: row.extension_number,
  revision: row.revision,
  state: toState(row),
  disabledBy: row.disabled_by,
});

const toMatch = (row: ExtensionJson & { readonly bound_to: string | null }): EmailMatch => ({
  ...toBound(row),
  boundTo: row.bound_to,
});

/** Somebody who left is looked at again on return, even with an unchanged profile. */
const appliedHashOf = ({ listed, profile_hash }: CandidateRow, rules: string): string =>
  `${listed ? profile_hash : 'gone'}:${rules}`;

/**
 * Whether a listed person with a lower Google id has the same address. To a partial run those of the newest complete
 * listing are listed as well.
 */
const takenEarlier = (tenantId: string, run: CandidatesOf) =>
  run.partial
    ? sql`exists (
        select from google_users o
        where o.tenant_id = ${sql.lit(tenantId)} and lower(o.email) = lower(g.email) and o.google_id < people.google_id
          and exists (select from directory_pages p
            where p.tenant_id = ${sql.lit(tenantId)} and o.google_id = any (p.google_ids)
              and p.run_id in (${sql.lit(run.id)}, (select id from sync_runs
                where tenant_id = ${sql.lit(tenantId)} and listing_complete order by created_at desc limit 1)))
      )`
    : sql`exists (
        select from google_users o join members om on om.google_id = o.google_id
        where o.tenant_id = ${sql.lit(tenantId)} and lower(o.email) = lower(g.email) and o.google_id < people.google_id
      )`;

/** A run as far as its candidates depend on it. */
export interface CandidatesOf {
  readonly id: string;
  /** Everybody whom it read is looked at, and nobody else: who is not there tells nothing. */
  readonly partial: boolean;
}

/**
 * Opens a cursor over everybody who may need a change, in Google id order: unbound people of the listing, bound people
 * who are not in it, whose profile changed, whose extension was edited, or who were last judged by other rules. It
 * selects facts only; every rule is in `decide`.
 *
 * @param rules a fingerprint of scope and policies: when it changes, everybody is looked at once more
 */
export const openCandidates = async (em: EntityManager, tenantId: string, run: CandidatesOf, rules: string) => {
  const runId = run.id;
  // The whole tenant is joined with itself, often right after it was filled and before it was analyzed: without
  // statistics Postgres takes it for small and loops (7 s instead of 0.1 s at 10,000 people).
  // every tenant: a setting of this transaction
  await sql`
    select set_config('enable_nestloop', ${run.partial ? 'on' : 'off'}, true), set_config('jit', 'off', true)`.execute(
    em.getKysely(),
  );
  await sql`
    declare candidates no scroll cursor for
    with members as materialized (
      select distinct unnest(google_ids) collate "C" as google_id from directory_pages
      where tenant_id = ${sql.lit(tenantId)} and run_id = ${sql.lit(runId)}
    ), people as (
      select coalesce(m.google_id, b.google_id) as google_id, m.google_id is not null as listed,
        b.extension_user_id, b.applied_hash, b.applied_revision
      from members m
      ${run.partial ? sql`left` : sql`full`} join (select * from bindings where tenant_id = ${sql.lit(tenantId)}) b
        on b.google_id = m.google_id
    )
    select people.google_id, people.listed, g.profile, g.profile_hash,
      case when u.id is not null then to_jsonb(u) end as bound, matches.email_matches,
      people.extension_user_id is null and ${takenEarlier(tenantId, run)} as email_taken_earlier
    from people
    left join google_users g on g.tenant_id = ${sql.lit(tenantId)} and g.google_id = people.google_id
    left join extension_users u on u.tenant_id = ${sql.lit(tenantId)} and u.id = people.extension_user_id
    left join lateral (
      select jsonb_agg(to_jsonb(x) || jsonb_build_object('bound_to', xb.google_id)) as email_matches
      from extension_users x
      left join bindings xb on xb.tenant_id = ${sql.lit(tenantId)} and xb.extension_user_id = x.id
      where x.tenant_id = ${sql.lit(tenantId)} and lower(x.email) = lower(g.email)
    ) matches on people.extension_user_id is null
    where ${sql.lit(run.partial)} or people.extension_user_id is null or not people.listed
      or people.applied_hash is distinct from g.profile_hash || ${sql.lit(`:${rules}`)}
      or people.applied_revision is distinct from u.revision
    order by people.google_id collate "C"`.execute(em.getKysely());

  return async (limit: number): Promise<readonly PlanCandidate[]> => {
    // every tenant: the cursor above names it
    const { rows } = await sql<CandidateRow>`fetch ${sql.lit(limit)} from candidates`.execute(em.getKysely());
    return rows.map((row) => ({
      googleId: row.google_id,
      listed: row.listed,
      profile: row.profile,
      bound: row.bound && toBound(row.bound),
      emailMatches: (row.email_matches ?? []).map(toMatch),
      emailTakenEarlier: row.email_taken_earlier,
      appliedHash: appliedHashOf(row, rules),
    }));
  };
};

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
    update bindings b set applied_hash = input.applied_hash, applied_revision = u.revision
    from unnest(${ids}::text[], ${hashes}::text[]) as input(google_id, applied_hash), extension_users u
    where b.tenant_id = ${tenantId} and b.google_id = input.google_id
      and u.tenant_id = ${tenantId} and u.id = b.extension_user_id`.execute(em.getKysely());
};

export interface PlanFigures {
  /** People that the complete listing holds. */
  readonly listed: number;
  readonly bound: number;
  /** Disables and deletes that were carried out since the given time. */
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
