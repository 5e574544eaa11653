import type { GoogleEndpoints } from '../config.ts';
import { AppError, isAppError } from '../errors.ts';
import { createAdminClient, oneTry } from './admin-client.ts';
import { toAppError } from './errors.ts';
import { fetchImage } from './fetch-image.ts';
import { createImageHostRule } from './image-hosts.ts';
import { type FindLargePhotos, findLargePhotos, type LargePhoto } from './people-photos.ts';
import { decodePhotoData } from './photo-data.ts';

const REQUEST_TIMEOUT_MS = 30_000;

export interface GetThumbnail {
  readonly accessToken: string;
  readonly googleId: string;
  readonly signal?: AbortSignal | undefined;
}

export interface FetchLargePhoto {
  readonly url: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** Pictures of people at Google. What the bytes are is for the caller to find out: Google's `mimeType` is often wrong. */
export interface GooglePhotos {
  /**
   * The picture of 96 × 96 of the Directory API, one request a person; undefined when there is none.
   *
   * @throws AppError PHOTO_UNREADABLE and those of the Directory API
   */
  getThumbnail(request: GetThumbnail): Promise<Buffer | undefined>;
  /** Where the larger pictures of these people are, in one request. */
  findLarge(request: FindLargePhotos): Promise<ReadonlyMap<string, LargePhoto>>;
  /**
   * A larger picture, from Google's image hosts only and without our token; undefined when it is gone.
   *
   * @throws AppError PHOTO_HOST_REFUSED, PHOTO_TOO_LARGE, GOOGLE_RATE_LIMITED, GOOGLE_UNAVAILABLE
   */
  fetchLarge(request: FetchLargePhoto): Promise<Buffer | undefined>;
}

/** Directory thumbnails and People pictures. Retries are the caller's, as with every client of Google here. */
export const createGooglePhotos = (endpoints: GoogleEndpoints): GooglePhotos => {
  const isAllowed = createImageHostRule(endpoints.images);
  return {
    async getThumbnail({ accessToken, googleId, signal }) {
      const directory = createAdminClient(endpoints, accessToken);
      try {
        const { data } = await directory.users.photos.get(
          { userKey: googleId, fields: 'photoData' },
          oneTry(REQUEST_TIMEOUT_MS, signal),
        );
        const bytes = decodePhotoData(data.photoData);
        if (!bytes) throw new AppError('PHOTO_UNREADABLE', 'Google sent a picture that cannot be read.');
        return bytes;
      } catch (error) {
        signal?.throwIfAborted();
        const refused = toAppError(error);
        if (isAppError(refused, 'GOOGLE_NOT_FOUND')) return undefined;
        throw refused;
      }
    },

    findLarge: (request) => findLargePhotos(endpoints.people, request),

    fetchLarge: (request) => fetchImage({ ...request, isAllowed }),
  };
};
