import { type RawBuilder, sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { PbxPhone } from '../../pbx/index.ts';
import type { Profile } from '../reading/profile.ts';
import type { BoundExtension, Candidate, EmailMatch } from './decide.ts';
import type { ExtensionState } from './plan-types.ts';

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

interface EmailMatchJson extends ExtensionJson {
  readonly bound_to: string | null;
  readonly holder_moved: boolean;
}

interface CandidateRow {
  readonly google_id: string;
  readonly listed: boolean;
  readonly profile: Profile | null;
  readonly profile_hash: string | null;
  readonly in_scope_group: boolean;
  readonly bound: ExtensionJson | null;
  readonly email_matches: readonly EmailMatchJson[] | null;
  readonly email_taken_earlier: boolean;
  readonly disabled_at_ms: number | null;
  readonly rejected_removal: string | null;
  readonly reserved_number: string | null;
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

const toMatch = (row: EmailMatchJson): EmailMatch => ({
  ...toBound(row),
  boundTo: row.bound_to,
  holderMoved: row.holder_moved,
});

/** Somebody who left is looked at again on return, even with an unchanged profile. */
const appliedHashOf = ({ listed, profile_hash, in_scope_group }: CandidateRow, rules: string): string =>
  `${listed ? profile_hash : 'gone'}:${rules}${in_scope_group ? IN_GROUP : ''}`;

/** Who joins or leaves the groups of the scope is looked at, even with an unchanged profile. */
const IN_GROUP = ':in-group';

const toCandidate = (row: CandidateRow, rules: string): PlanCandidate => ({
  googleId: row.google_id,
  listed: row.listed,
  profile: row.profile,
  inScopeGroup: row.in_scope_group,
  bound: row.bound && {
    ...toBound(row.bound),
    disabledAtMs: row.disabled_at_ms,
    rejectedRemoval: row.rejected_removal,
  },
  emailMatches: (row.email_matches ?? []).map(toMatch),
  emailTakenEarlier: row.email_taken_earlier,
  reservedNumber: row.reserved_number === null ? null : Number(row.reserved_number),
  appliedHash: appliedHashOf(row, rules),
});

export interface CandidateQuery {
  readonly tenantId: string;
  /** The run whose listing tells who is there. */
  readonly snapshotOf: string;
  /** That run read some people only: whoever it did not read is left out, and not taken for gone. */
  readonly partial: boolean;
  /** The run whose reading of the scope's groups counts (see `membershipFor`); null: nobody is in a group of it. */
  readonly membershipOf: string | null;
  /** A fingerprint of scope and policies: when it changes, everybody is looked at once more. */
  readonly rules: string;
}

/**
 * Whether a listed person with a lower Google id has the same address. To a partial run those of the newest complete
 * listing are listed as well.
 */
const takenEarlier = ({ tenantId, snapshotOf, partial }: CandidateQuery) =>
  partial
    ? sql`exists (
        select from google_users o
        where o.tenant_id = ${sql.lit(tenantId)} and lower(o.email) = lower(g.email) and o.google_id < people.google_id
          and exists (select from directory_pages p
            where p.tenant_id = ${sql.lit(tenantId)} and o.google_id = any (p.google_ids)
              and p.run_id in (${sql.lit(snapshotOf)}, (select id from sync_runs
                where tenant_id = ${sql.lit(tenantId)} and listing_complete order by created_at desc limit 1)))
      )`
    : sql`exists (
        select from google_users o join members om on om.google_id = o.google_id
        where o.tenant_id = ${sql.lit(tenantId)} and lower(o.email) = lower(g.email) and o.google_id < people.google_id
      )`;

/** The parts of the rows that tell who is in a group of the scope. */
const membershipIn = ({ tenantId, membershipOf }: CandidateQuery) => {
  if (membershipOf === null) return { tables: sql``, join: sql``, isMember: sql`false` };
  const pages = sql`group_member_pages where tenant_id = ${sql.lit(tenantId)} and run_id = ${sql.lit(membershipOf)}`;
  return {
    tables: sql`, grouped as materialized (
      select distinct unnest(google_ids) collate "C" as google_id from ${pages}
    ), company as materialized (
      select coalesce(bool_or(holds_everyone), false) as is_grouped from ${pages}
    )`,
    join: sql`left join grouped on grouped.google_id = people.google_id cross join company`,
    isMember: sql`(company.is_grouped or grouped.google_id is not null)`,
  };
};

/**
 * Facts about people, in Google id order. Matches by e-mail are looked up for each unbound person by index; for bound
 * ones that part is not run at all, or a changed rule would take hours at 100,000 people. `whichOf` says about whom;
 * what stands in it is already safe.
 */
const candidateRows = (query: CandidateQuery, whichOf: (appliedHash: RawBuilder<unknown>) => RawBuilder<unknown>) => {
  const { tenantId, snapshotOf, partial } = query;
  const tenant = sql.lit(tenantId);
  const { tables, join, isMember } = membershipIn(query);
  const appliedHash = sql`g.profile_hash || ${sql.lit(`:${query.rules}`)}
    || case when ${isMember} then ${sql.lit(IN_GROUP)} else '' end`;
  return sql<CandidateRow>`
    with members as materialized (
      select distinct unnest(google_ids) collate "C" as google_id from directory_pages
      where tenant_id = ${tenant} and run_id = ${sql.lit(snapshotOf)}
    ), people as (
      select coalesce(m.google_id, b.google_id) as google_id, m.google_id is not null as listed,
        b.extension_user_id, b.applied_hash, b.applied_revision, b.disabled_at, b.rejected_removal
      from members m
      ${partial ? sql`left` : sql`full`} join (select * from bindings where tenant_id = ${tenant}) b
        on b.google_id = m.google_id
    )${tables}
    select people.google_id, people.listed, g.profile, g.profile_hash, ${isMember} as in_scope_group,
      case when u.id is not null then to_jsonb(u) end as bound, matches.email_matches,
      people.extension_user_id is null and ${takenEarlier(query)} as email_taken_earlier,
      (extract(epoch from people.disabled_at) * 1000)::float8 as disabled_at_ms, people.rejected_removal,
      case when people.extension_user_id is null then kept.number end as reserved_number
    from people
    left join google_users g on g.tenant_id = ${tenant} and g.google_id = people.google_id
    left join extension_users u on u.tenant_id = ${tenant} and u.id = people.extension_user_id
    left join number_reservations kept on kept.tenant_id = ${tenant} and kept.google_id = people.google_id
    left join lateral (
      select jsonb_agg(to_jsonb(x) || jsonb_build_object('bound_to', xb.google_id, 'holder_moved',
        xb.google_id is not null and xb.google_id in (select google_id from members) and exists (
          select from google_users h
          where h.tenant_id = ${tenant} and h.google_id = xb.google_id and lower(h.email) <> lower(g.email)
        ))) as email_matches
      from extension_users x
      left join lateral (
        select google_id from bindings where tenant_id = ${tenant} and extension_user_id = x.id offset 0
      ) xb on true
      where people.extension_user_id is null and x.tenant_id = ${tenant} and lower(x.email) = lower(g.email)
    ) matches on true
    ${join}
    where ${whichOf(appliedHash)}
    order by people.google_id collate "C"`;
};

/**
 * The whole tenant is joined with itself, often right after it was filled and before it was analyzed: without
 * statistics Postgres takes it for small and loops (7 s instead of 0.1 s at 10,000 people).
 */
const joinByHash = async (em: EntityManager): Promise<void> => {
  // every tenant: a setting of this transaction
  await sql`select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`.execute(em.getKysely());
};

/**
 * Opens a cursor over everybody who may need a change: unbound people of the listing, bound people who are not in it,
 * whose profile changed, whose extension was edited, who were last judged by other rules, whose removal was refused,
 * or who were disabled before `disabledBefore`. Of a partial run, everybody whom it read. It selects facts only; every
 * rule is in `decide`.
 */
export const openCandidates = async (
  em: EntityManager,
  query: CandidateQuery & { readonly disabledBefore: Date | null },
) => {
  if (!query.partial) await joinByHash(em);
  const isDue = query.disabledBefore
    ? sql`people.disabled_at <= ${sql.lit(query.disabledBefore.toISOString())}::timestamptz`
    : sql`false`;
  const mayChange = (
    appliedHash: RawBuilder<unknown>,
  ) => sql`(${sql.lit(query.partial)} or people.extension_user_id is null or not people.listed
      or people.applied_hash is distinct from ${appliedHash}
      or people.applied_revision is distinct from u.revision
      or people.rejected_removal is not null or ${isDue})`;
  // every tenant: the rows name it
  await sql`declare candidates no scroll cursor for ${candidateRows(query, mayChange)}`.execute(em.getKysely());

  return async (limit: number): Promise<readonly PlanCandidate[]> => {
    // every tenant: the cursor above names it
    const { rows } = await sql<CandidateRow>`fetch ${sql.lit(limit)} from candidates`.execute(em.getKysely());
    return rows.map((row) => toCandidate(row, query.rules));
  };
};

/** What is known now of these people; whoever is neither in the listing nor bound is left out. */
export const selectCandidates = async (
  em: EntityManager,
  query: CandidateQuery & { readonly googleIds: readonly string[] },
): Promise<readonly PlanCandidate[]> => {
  const { rows } = await candidateRows(
    query,
    () => sql`people.google_id = any(${[...query.googleIds]}::text[])`,
  ).execute(em.getKysely());
  return rows.map((row) => toCandidate(row, query.rules));
};
