import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { PictureType } from './picture-type.ts';

/** A person whose photo at Google is not the one that was looked at last. */
export interface DuePhoto {
  readonly google_id: string;
  readonly etag: string;
  /** In a row, so far. */
  readonly failures: number;
}

export interface SelectDuePhotos {
  readonly tenantId: string;
  /** The people of this run alone; everybody when null. */
  readonly ofRun: string | null;
  /** Larger pictures are to be had: whoever was never asked for one is due. */
  readonly large: boolean;
  readonly now: Date;
  readonly limit: number;
}

export interface DuePhotos {
  /** Everybody who is due, the ones beyond the limit too. */
  readonly total: number;
  readonly people: readonly DuePhoto[];
}

/** Who is bound, enabled and due, in Google id order. Nobody is in an unchanged directory. */
export const selectDuePhotos = async (em: EntityManager, query: SelectDuePhotos): Promise<DuePhotos> =>
  em.fork().transactional(async (tx) => {
    // As in the plan: the whole tenant is joined with itself, often right after it was filled.
    // every tenant: a setting of this transaction
    await sql`select set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`.execute(
      tx.getKysely(),
    );
    const { rows } = await sql<DuePhoto & { readonly total: number }>`
      select g.google_id, g.photo_etag as etag, coalesce(p.failures, 0) as failures, (count(*) over ())::int as total
      from google_users g
      join bindings b on b.tenant_id = ${query.tenantId} and b.google_id = g.google_id
      join extension_users u on u.tenant_id = ${query.tenantId} and u.id = b.extension_user_id and u.enabled
      left join photos p on p.tenant_id = ${query.tenantId} and p.google_id = g.google_id
      where g.tenant_id = ${query.tenantId} and g.photo_etag is not null
        and (p.etag is distinct from g.photo_etag or (${query.large}::boolean and not p.large_asked))
        and (p.retry_at is null or p.retry_at <= ${query.now.toISOString()} or p.failed_etag is distinct from g.photo_etag)
        and (${query.ofRun}::uuid is null or g.google_id in (
          select unnest(google_ids) from directory_pages
          where tenant_id = ${query.tenantId} and run_id = ${query.ofRun}::uuid))
      order by g.google_id limit ${query.limit}`.execute(tx.getKysely());
    return { total: rows[0]?.total ?? 0, people: rows };
  });

/** What was found out about a photo. `content` is the hash of its bytes, null when there is none. */
export interface SeenPhoto {
  readonly googleId: string;
  readonly etag: string;
  readonly content: string | null;
  readonly source: 'directory' | 'people' | null;
  readonly largeAsked: boolean;
}

export interface FailedPhoto {
  readonly googleId: string;
  readonly etag: string;
  /** In a row, this one included. */
  readonly failures: number;
  readonly retryAt: Date;
  readonly code: string;
  readonly message: string;
}

export interface PhotoContent {
  readonly hash: string;
  readonly type: PictureType;
  readonly bytes: Buffer;
}

/** Whose photos are stored by which run; nothing is while the run has ended or the switch is off. */
interface Storing {
  readonly tenantId: string;
  readonly runId: string;
  readonly now: Date;
}

/** Each content once. The conflict is answered by an update, which waits for whoever drops that content. */
export const insertPhotoContents = async (
  em: EntityManager,
  tenantId: string,
  contents: readonly PhotoContent[],
): Promise<void> => {
  if (contents.length === 0) return;
  const hashes = contents.map(({ hash }) => hash);
  const types = contents.map(({ type }) => type);
  const bytes = contents.map((content) => content.bytes);
  await sql`
    insert into photo_contents (tenant_id, content_hash, mime, bytes)
    select ${tenantId}::uuid, input.* from unnest(${hashes}::text[], ${types}::text[], ${bytes}::bytea[]) as input
    on conflict (tenant_id, content_hash) do update set mime = excluded.mime`.execute(em.getKysely());
};

const mayStore = ({ tenantId, runId }: Storing) => sql`
  exists (select from sync_settings where tenant_id = ${tenantId} and photos)
  and exists (select from sync_runs where tenant_id = ${tenantId} and id = ${runId} and finished_at is null)`;

/** Answers how many of them were news: a photo that is stored a second time is not counted again. */
export const saveSeenPhotos = async (
  em: EntityManager,
  storing: Storing,
  photos: readonly SeenPhoto[],
): Promise<number> => {
  if (photos.length === 0) return 0;
  const { rows } = await sql`
    insert into photos (tenant_id, google_id, etag, content_hash, source, large_asked, checked_at)
    select b.tenant_id, b.google_id, input.etag, input.content, input.source, input."largeAsked",
      ${storing.now.toISOString()}
    from jsonb_to_recordset(${JSON.stringify(photos)}::jsonb)
      as input("googleId" text, etag text, content text, source text, "largeAsked" boolean)
    join bindings b on b.tenant_id = ${storing.tenantId} and b.google_id = input."googleId"
    where ${mayStore(storing)}
    on conflict (tenant_id, google_id) do update set etag = excluded.etag, content_hash = excluded.content_hash,
      source = excluded.source, large_asked = excluded.large_asked, checked_at = excluded.checked_at, failures = 0,
      failed_etag = null, retry_at = null, error_code = null, error_message = null
    where photos.etag is distinct from excluded.etag or photos.large_asked <> excluded.large_asked
    returning google_id`.execute(em.getKysely());
  return rows.length;
};

/** Notes why; the picture that was stored before stays. Answers how many were news. */
export const saveFailedPhotos = async (
  em: EntityManager,
  storing: Storing,
  photos: readonly FailedPhoto[],
): Promise<number> => {
  if (photos.length === 0) return 0;
  const { rows } = await sql`
    insert into photos (tenant_id, google_id, checked_at, failures, failed_etag, retry_at, error_code, error_message)
    select b.tenant_id, b.google_id, ${storing.now.toISOString()}, input.failures, input.etag, input."retryAt",
      input.code, input.message
    from jsonb_to_recordset(${JSON.stringify(photos)}::jsonb)
      as input("googleId" text, etag text, failures int, "retryAt" timestamptz, code text, message text)
    join bindings b on b.tenant_id = ${storing.tenantId} and b.google_id = input."googleId"
    where ${mayStore(storing)}
    on conflict (tenant_id, google_id) do update set checked_at = excluded.checked_at, failures = excluded.failures,
      failed_etag = excluded.failed_etag, retry_at = excluded.retry_at, error_code = excluded.error_code,
      error_message = excluded.error_message
    where photos.failures < excluded.failures
    returning google_id`.execute(em.getKysely());
  return rows.length;
};

/** Photos that Google no longer has. Nothing is concluded from a person who is missing. */
export const dropGonePhotos = async (em: EntityManager, tenantId: string): Promise<void> => {
  await sql`
    delete from photos p using google_users g
    where p.tenant_id = ${tenantId} and g.tenant_id = ${tenantId} and g.google_id = p.google_id
      and g.photo_etag is null`.execute(em.getKysely());
};

/** Contents that no photo shows any more. */
export const dropUnusedContents = async (em: EntityManager, tenantId: string): Promise<void> => {
  await sql`
    delete from photo_contents c where c.tenant_id = ${tenantId} and not exists (
      select from photos p where p.tenant_id = ${tenantId} and p.content_hash = c.content_hash)`.execute(
    em.getKysely(),
  );
};

export const dropAllPhotos = async (em: EntityManager, tenantId: string): Promise<void> => {
  await sql`delete from photos where tenant_id = ${tenantId}`.execute(em.getKysely());
  await sql`delete from photo_contents where tenant_id = ${tenantId}`.execute(em.getKysely());
};
