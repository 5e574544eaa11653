import { z } from 'zod';
import { AppError } from '../errors.ts';
import { toAppError } from './errors.ts';
import { OneTry } from './one-try.ts';

const REQUEST_TIMEOUT_MS = 30_000;

/** The side of a large picture in pixels; Google scales to it. */
const LARGE_SIDE = 512;

/** Google takes 200; the names of 100 keep the address of the request short. */
export const LARGE_PHOTOS_AT_ONCE = 100;

/** What the People API says of a person's picture: one of their own, or letters that Google drew. */
export type LargePhoto = { readonly kind: 'own'; readonly url: string } | { readonly kind: 'generated' };

const photo = z.looseObject({
  url: z.string().optional(),
  default: z.boolean().optional(),
  metadata: z.looseObject({ primary: z.boolean().optional() }).optional(),
});

const answer = z.looseObject({
  responses: z
    .array(
      z.looseObject({
        requestedResourceName: z.string().optional(),
        person: z.looseObject({ photos: z.array(photo).optional() }).optional(),
      }),
    )
    .optional(),
});

const withSize = (url: string): string => {
  if (!URL.canParse(url)) return url;
  const sized = new URL(url);
  sized.searchParams.set('sz', String(LARGE_SIDE));
  return sized.href;
};

const readPhoto = (photos: readonly z.infer<typeof photo>[]): LargePhoto | undefined => {
  const chosen = photos.find(({ metadata }) => metadata?.primary === true) ?? photos[0];
  if (chosen?.default === true) return { kind: 'generated' };
  return chosen?.url ? { kind: 'own', url: withSize(chosen.url) } : undefined;
};

export interface FindLargePhotos {
  readonly accessToken: string;
  /** At most `LARGE_PHOTOS_AT_ONCE`. */
  readonly googleIds: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks the People API (people.getBatchGet) in one request where the pictures of these people are. Whoever is not in the
 * answer has none there.
 *
 * @throws AppError GOOGLE_SCOPE_MISSING, GOOGLE_API_DISABLED, GOOGLE_TOKEN_REJECTED, GOOGLE_RATE_LIMITED,
 * GOOGLE_UNAVAILABLE, GOOGLE_ANSWER_INVALID
 */
export const findLargePhotos = async (
  people: string,
  { accessToken, googleIds, signal }: FindLargePhotos,
): Promise<ReadonlyMap<string, LargePhoto>> => {
  const url = new URL('/v1/people:batchGet', people);
  for (const id of googleIds) url.searchParams.append('resourceNames', `people/${id}`);
  url.searchParams.set('personFields', 'photos');
  url.searchParams.set('sources', 'READ_SOURCE_TYPE_PROFILE');
  try {
    const { data } = await new OneTry(REQUEST_TIMEOUT_MS, signal).request({
      url: url.href,
      headers: { authorization: `Bearer ${accessToken}` },
      responseType: 'json',
    });
    const parsed = answer.safeParse(data);
    if (!parsed.success) {
      throw new AppError('GOOGLE_ANSWER_INVALID', 'Google sent a list of pictures that cannot be read.');
    }
    const found = (parsed.data.responses ?? []).flatMap(({ requestedResourceName, person }) => {
      const read = person && readPhoto(person.photos ?? []);
      return read && requestedResourceName ? [[requestedResourceName.slice('people/'.length), read] as const] : [];
    });
    return new Map(found);
  } catch (error) {
    signal?.throwIfAborted();
    throw toAppError(error);
  }
};
