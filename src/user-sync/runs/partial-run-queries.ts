import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

export type PartialTrigger = 'push' | 'one-user';

/** The run that still takes people, locked: the step that starts it waits until they are in. */
export const lockCollectingRun = async (em: EntityManager, tenantId: string): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select id from sync_runs
    where tenant_id = ${tenantId} and partial and started_at is null and finished_at is null and not cancel_requested
    for update`.execute(em.getKysely());
  return rows[0]?.id;
};

export interface NewPartialRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly trigger: PartialTrigger;
  readonly requestedBy: string | null;
  readonly now: Date;
}

/** True when the run is made; false when somebody else made one at the same moment. */
export const insertPartialRun = async (em: EntityManager, run: NewPartialRun): Promise<boolean> => {
  const { rows } = await sql`
    insert into sync_runs (tenant_id, id, trigger, partial, requested_by, state, created_at)
    values (${run.tenantId}, ${run.runId}, ${run.trigger}, true, ${run.requestedBy}, 'reading',
      ${run.now.toISOString()})
    on conflict (tenant_id) where partial and started_at is null and finished_at is null and not cancel_requested
      do nothing
    returning id`.execute(em.getKysely());
  return rows.length === 1;
};

/** Somebody asks for a person while only Google's messages were collected: the run becomes theirs, and waits no more. */
export const claimForOneUser = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  requestedBy: string | null,
): Promise<void> => {
  await sql`
    update sync_runs set trigger = 'one-user', requested_by = ${requestedBy}
    where tenant_id = ${tenantId} and id = ${runId} and trigger = 'push'`.execute(em.getKysely());
};

/**
 * Adds people to a run, each once.
 *
 * @returns false when the run holds `most` already, and nobody was added
 */
export const addRunPeople = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  keys: readonly string[],
  most: number,
): Promise<boolean> => {
  const { rows } = await sql<{ held: number }>`
    select count(*)::int as held from run_people where tenant_id = ${tenantId} and run_id = ${runId}`.execute(
    em.getKysely(),
  );
  if ((rows[0]?.held ?? 0) + keys.length > most) return false;
  await sql`
    insert into run_people (tenant_id, run_id, person_key)
    select distinct ${tenantId}::uuid, ${runId}::uuid, person_key from unnest(${[...keys]}::text[]) as person_key
    on conflict do nothing`.execute(em.getKysely());
  return true;
};

/** Whether this person waits in a run that has not begun, so that a change made before now will be seen by it. */
export const isCollected = async (em: EntityManager, tenantId: string, personKey: string): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from sync_runs r
    join run_people p on p.tenant_id = ${tenantId} and p.run_id = r.id and p.person_key = ${personKey}
    where r.tenant_id = ${tenantId} and r.partial and r.started_at is null and r.finished_at is null
      and not r.cancel_requested`.execute(em.getKysely());
  return rows.length > 0;
};

export const selectUnreadPeople = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  limit: number,
): Promise<readonly string[]> => {
  const { rows } = await sql<{ person_key: string }>`
    select person_key from run_people
    where tenant_id = ${tenantId} and run_id = ${runId} and outcome is null
    order by person_key limit ${limit}`.execute(em.getKysely());
  return rows.map((row) => row.person_key);
};

/** What came of asking Google for one person. */
export type PersonOutcome = 'read' | 'absent' | 'other-company';

export interface PeopleRead {
  readonly tenantId: string;
  readonly runId: string;
  readonly page: number;
  readonly keys: readonly { readonly key: string; readonly outcome: PersonOutcome }[];
  /** Of those who were read. */
  readonly googleIds: readonly string[];
}

/** Moves the run to its next page; false when somebody else has stored this one already. */
export const advancePeople = async (em: EntityManager, read: PeopleRead): Promise<boolean> => {
  const { rows } = await sql`
    update sync_runs set pages_read = pages_read + 1, users_read = users_read + ${read.googleIds.length}
    where tenant_id = ${read.tenantId} and id = ${read.runId} and partial and pages_read = ${read.page}
      and planned_at is null and finished_at is null
    returning id`.execute(em.getKysely());
  if (rows.length === 0) return false;
  const keys = read.keys.map(({ key }) => key);
  const outcomes = read.keys.map(({ outcome }) => outcome);
  await sql`
    update run_people p set outcome = input.outcome
    from unnest(${keys}::text[], ${outcomes}::text[]) as input(person_key, outcome)
    where p.tenant_id = ${read.tenantId} and p.run_id = ${read.runId}
      and p.person_key = input.person_key`.execute(em.getKysely());
  return true;
};

/** Somebody whom Google did not tell of when asked, or who is not of this company, with what is known from before. */
export interface AbsentPerson {
  readonly google_id: string;
  readonly email: string | null;
  readonly display_name: string | null;
  readonly outcome: Exclude<PersonOutcome, 'read'>;
}

export const selectAbsentPeople = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
): Promise<readonly AbsentPerson[]> => {
  const { rows } = await sql<AbsentPerson>`
    select distinct on (google_id) coalesce(g.google_id, p.person_key) as google_id,
      coalesce(g.email, case when p.person_key like '%@%' then p.person_key end) as email,
      g.profile ->> 'displayName' as display_name, p.outcome
    from run_people p
    left join lateral (
      select * from google_users u where u.tenant_id = ${tenantId}
        and (u.google_id = p.person_key or lower(u.email) = p.person_key)
      order by u.google_id limit 1
    ) g on true
    where p.tenant_id = ${tenantId} and p.run_id = ${runId} and p.outcome <> 'read'
    order by google_id`.execute(em.getKysely());
  return rows;
};

/** Whether every person of the run was asked for. */
export const areAllRead = async (em: EntityManager, tenantId: string, runId: string): Promise<boolean> =>
  (await selectUnreadPeople(em, tenantId, runId, 1)).length === 0;
