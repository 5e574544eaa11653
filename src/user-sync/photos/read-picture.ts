import { createHash } from 'node:crypto';
import { AppError, isAppError } from '../../errors.ts';
import type { GooglePhotos, LargePhoto } from '../../google/index.ts';
import { PICTURE_MAX_BYTES, type PictureType, pictureTypeOf } from './picture-type.ts';

/** A picture whose content was looked at. */
export interface Picture {
  readonly hash: string;
  readonly type: PictureType;
  readonly bytes: Buffer;
  readonly source: 'directory' | 'people';
}

export interface ReadPicture {
  readonly accessToken: string;
  readonly googleId: string;
  /** What the People API says of the person, when it was asked and knows. */
  readonly large: LargePhoto | undefined;
  readonly signal: AbortSignal;
}

const checked = (bytes: Buffer, source: Picture['source']): Picture => {
  if (bytes.length > PICTURE_MAX_BYTES) {
    throw new AppError('PHOTO_TOO_LARGE', 'The picture has more than 2 MB. Use a smaller one at Google.');
  }
  const type = pictureTypeOf(bytes);
  if (!type) {
    throw new AppError('PHOTO_TYPE_REFUSED', 'The picture is not JPEG, PNG, GIF or WebP. Use another one at Google.');
  }
  return { hash: createHash('sha256').update(bytes).digest('base64url'), type, bytes, source };
};

/** A large picture that cannot be used is no reason to go without one: the thumbnail is there too. */
const isUnusable = (error: unknown): boolean => isAppError(error) && error.kind === 'permanent';

/**
 * The picture of one person, the larger one where there is one; undefined when the person has none, or only the letters
 * that Google draws.
 *
 * @throws AppError PHOTO_UNREADABLE, PHOTO_TOO_LARGE, PHOTO_TYPE_REFUSED, and those of Google's client
 */
export const readPicture = async (
  google: GooglePhotos,
  { accessToken, googleId, large, signal }: ReadPicture,
): Promise<Picture | undefined> => {
  if (large?.kind === 'generated') return undefined;
  if (large) {
    try {
      const bytes = await google.fetchLarge({ url: large.url, maxBytes: PICTURE_MAX_BYTES, signal });
      if (bytes) return checked(bytes, 'people');
    } catch (error) {
      if (!isUnusable(error)) throw error;
    }
  }
  const bytes = await google.getThumbnail({ accessToken, googleId, signal });
  return bytes && checked(bytes, 'directory');
};
