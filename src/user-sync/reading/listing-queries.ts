import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { Profile } from './profile.ts';

/** Whether anybody of the tenant was ever read. */
export const hasProfiles = async (em: EntityManager, tenantId: string): Promise<boolean> => {
  const { rows } = await sql`select from google_users where tenant_id = ${tenantId} limit 1`.execute(em.getKysely());
  return rows.length > 0;
};

export interface StoredProfile {
  readonly profile: Profile;
  readonly hash: string;
  /** Beside the profile and not in its hash: a new picture alone changes no extension. */
  readonly photoEtag: string | null;
}

/**
 * Which of these people are new or differ from what is stored. Each is looked up by its key (`offset 0` keeps it so):
 * without statistics, as after a first sync, Postgres would read the whole tenant for every page.
 */
export const selectChangedIds = async (
  em: EntityManager,
  tenantId: string,
  people: readonly StoredProfile[],
): Promise<ReadonlySet<string>> => {
  const ids = people.map(({ profile }) => profile.googleId);
  const hashes = people.map(({ hash }) => hash);
  const photoEtags = people.map(({ photoEtag }) => photoEtag);
  const { rows } = await sql<{ google_id: string }>`
    select input.google_id
    from unnest(${ids}::text[], ${hashes}::text[], ${photoEtags}::text[]) as input(google_id, profile_hash, photo_etag)
    left join lateral (
      select profile_hash, photo_etag from google_users
      where tenant_id = ${tenantId} and google_id = input.google_id offset 0
    ) g on true
    where g.profile_hash is distinct from input.profile_hash or g.photo_etag is distinct from input.photo_etag`.execute(
    em.getKysely(),
  );
  return new Set(rows.map((row) => row.google_id));
};

export const upsertProfiles = async (
  em: EntityManager,
  tenantId: string,
  people: readonly StoredProfile[],
): Promise<void> => {
  if (people.length === 0) return;
  const input = people.map(({ profile, hash, photoEtag }) => ({
    google_id: profile.googleId,
    email: profile.email,
    profile_hash: hash,
    photo_etag: photoEtag,
    profile,
  }));
  await sql`
    insert into google_users (tenant_id, google_id, email, profile, profile_hash, photo_etag)
    select distinct on (google_id) ${tenantId}::uuid, google_id, email, profile, profile_hash, photo_etag
    from jsonb_to_recordset(${JSON.stringify(input)}::jsonb)
      as input(google_id text, email text, profile jsonb, profile_hash text, photo_etag text)
    order by google_id
    on conflict (tenant_id, google_id) do update set email = excluded.email, profile = excluded.profile,
      profile_hash = excluded.profile_hash, photo_etag = excluded.photo_etag, updated_at = now()`.execute(
    em.getKysely(),
  );
};

export interface PageRead {
  readonly tenantId: string;
  readonly runId: string;
  readonly listing: number;
  readonly page: number;
  readonly googleIds: readonly string[];
  readonly nextPageToken: string | undefined;
}

/** Moves the run's cursor from this page to the next; false when somebody else has moved it already. */
export const advanceListing = async (em: EntityManager, read: PageRead): Promise<boolean> => {
  const { rows } = await sql`
    update sync_runs set pages_read = pages_read + 1, users_read = users_read + ${read.googleIds.length},
      next_page_token = ${read.nextPageToken ?? null}, people_complete = ${read.nextPageToken === undefined},
      listing_complete = ${read.nextPageToken === undefined} and cardinality(scope_groups) = 0
    where tenant_id = ${read.tenantId} and id = ${read.runId} and listing = ${read.listing}
      and pages_read = ${read.page} and not people_complete and finished_at is null
    returning id`.execute(em.getKysely());
  return rows.length === 1;
};

export const insertPage = async (em: EntityManager, read: PageRead): Promise<void> => {
  await sql`
    insert into directory_pages (tenant_id, run_id, page, google_ids)
    values (${read.tenantId}, ${read.runId}, ${read.page}, ${[...read.googleIds]}::text[])`.execute(em.getKysely());
};
