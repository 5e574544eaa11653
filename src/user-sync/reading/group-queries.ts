import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';

export interface MembersRead {
  readonly tenantId: string;
  readonly runId: string;
  readonly listing: number;
  /** Which group of the run, counted from 0. */
  readonly groupNo: number;
  readonly page: number;
  readonly googleIds: readonly string[];
  readonly holdsEveryone: boolean;
  readonly nextPageToken: string | undefined;
}

/**
 * Moves the run from this page of members to the next, or to the next group; the last page of the last group completes
 * the listing. False when somebody else has moved it already.
 */
export const advanceMembers = async (em: EntityManager, read: MembersRead): Promise<boolean> => {
  const ends = read.nextPageToken === undefined;
  const { rows } = await sql`
    update sync_runs set group_page_token = ${read.nextPageToken ?? null},
      group_page = ${ends ? 0 : read.page + 1}, groups_read = ${read.groupNo + (ends ? 1 : 0)},
      listing_complete = ${ends} and cardinality(scope_groups) = ${read.groupNo + 1}
    where tenant_id = ${read.tenantId} and id = ${read.runId} and listing = ${read.listing} and people_complete
      and groups_read = ${read.groupNo} and group_page = ${read.page} and not listing_complete
      and finished_at is null
    returning id`.execute(em.getKysely());
  return rows.length === 1;
};

export const insertMembers = async (em: EntityManager, read: MembersRead): Promise<void> => {
  await sql`
    insert into group_member_pages (tenant_id, run_id, group_no, page, google_ids, holds_everyone)
    values (${read.tenantId}, ${read.runId}, ${read.groupNo}, ${read.page}, ${[...read.googleIds]}::text[],
      ${read.holdsEveryone})`.execute(em.getKysely());
};

/** The newest complete listing that read exactly these groups; undefined when there is none, or it was dropped. */
export const selectMembershipOf = async (
  em: EntityManager,
  tenantId: string,
  groups: readonly string[],
): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select r.id from sync_runs r
    where r.tenant_id = ${tenantId} and r.listing_complete
      and (select array_agg(distinct lower(trim(name)) collate "C" order by lower(trim(name)) collate "C")
        from unnest(r.scope_groups) as name) = ${[...groups]}::text[]
      and exists (select from group_member_pages m where m.tenant_id = ${tenantId} and m.run_id = r.id)
    order by r.created_at desc limit 1`.execute(em.getKysely());
  return rows[0]?.id;
};
