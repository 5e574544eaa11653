import type { Orm } from '../db/orm.ts';
import { notFound } from '../errors.ts';
import { type Actor, authorize } from '../tenants/index.ts';
import { selectPhotoContent, selectPhotoHash } from './photo-queries.ts';

export interface ReadPhoto {
  readonly tenantId: string;
  readonly userId: string;
  /** Whether the asker has the picture of this hash already. */
  readonly isKnown: (hash: string) => boolean;
}

export interface Photo {
  /** Changes with the picture. */
  readonly hash: string;
  /** Null when the asker has it already. */
  readonly content: { readonly mime: string; readonly bytes: Buffer } | null;
}

/**
 * The picture of a person; its bytes are read only for whoever does not have them.
 *
 * @throws AppError NOT_FOUND when there is no such person, or the person has no picture
 */
export const createReadPhoto =
  (orm: Orm) =>
  async (actor: Actor, { tenantId, userId, isKnown }: ReadPhoto): Promise<Photo> => {
    authorize(actor, tenantId, 'read');
    const em = orm.em.fork();
    const hash = await selectPhotoHash(em, tenantId, userId);
    if (hash === undefined) throw notFound('photo');
    if (isKnown(hash)) return { hash, content: null };
    const content = await selectPhotoContent(em, tenantId, hash);
    if (!content) throw notFound('photo');
    return { hash, content };
  };
