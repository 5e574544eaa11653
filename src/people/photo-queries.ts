import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';

/** The hash of the picture that a person shows; undefined when there is none, or no such person. */
export const selectPhotoHash = async (em: EntityManager, tenantId: string, id: string): Promise<string | undefined> => {
  const { rows } = await sql<{ content_hash: string }>`
    select p.content_hash from bindings b
    join photos p on p.tenant_id = ${tenantId} and p.google_id = b.google_id
    where b.tenant_id = ${tenantId} and b.extension_user_id = ${id} and p.content_hash is not null`.execute(
    em.getKysely(),
  );
  return rows[0]?.content_hash;
};

export interface PhotoContentRow {
  readonly mime: string;
  readonly bytes: Buffer;
}

export const selectPhotoContent = async (
  em: EntityManager,
  tenantId: string,
  hash: string,
): Promise<PhotoContentRow | undefined> => {
  const { rows } = await sql<PhotoContentRow>`
    select mime, bytes from photo_contents where tenant_id = ${tenantId} and content_hash = ${hash}`.execute(
    em.getKysely(),
  );
  return rows[0];
};
