import { AppError } from '../errors.ts';
import { googleError } from './errors.ts';
import { readRetryAfterMs } from './retry-after.ts';

const TIMEOUT_MS = 15_000;
const MOST_REDIRECTS = 2;

export interface FetchImage {
  readonly url: string;
  readonly maxBytes: number;
  /** Asked for the address and for that of every redirect. */
  readonly isAllowed: (url: URL) => boolean;
  readonly signal?: AbortSignal | undefined;
}

const tooLarge = (maxBytes: number): AppError =>
  new AppError(
    'PHOTO_TOO_LARGE',
    `The picture has more than ${maxBytes.toLocaleString('en')} bytes. Use a smaller one.`,
  );

const readCapped = async (response: Response, maxBytes: number): Promise<Buffer> => {
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const failureOf = ({ status, headers }: Response): AppError => {
  const retryAfterMs = readRetryAfterMs(headers.get('retry-after') ?? undefined, '', new Date());
  const cause = new Error(`Google's image host: ${status}`);
  if (status === 429) return googleError('GOOGLE_RATE_LIMITED', { retryAfterMs, cause });
  if (status === 408 || status >= 500) return googleError('GOOGLE_UNAVAILABLE', { retryAfterMs, cause });
  return googleError('GOOGLE_REQUEST_REJECTED', { cause });
};

const allowedUrl = (text: string, base: string | undefined, isAllowed: FetchImage['isAllowed']): URL => {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (url && isAllowed(url)) return url;
  throw new AppError(
    'PHOTO_HOST_REFUSED',
    'Google names a picture that is not on one of its image hosts; it is not fetched.',
  );
};

/**
 * A picture from an image host: without any credential, within bounds of time and size, and never from another place.
 * Undefined when there is none (any more).
 *
 * @throws AppError PHOTO_HOST_REFUSED, PHOTO_TOO_LARGE, GOOGLE_RATE_LIMITED, GOOGLE_UNAVAILABLE, GOOGLE_REQUEST_REJECTED
 */
export const fetchImage = async ({ url, maxBytes, isAllowed, signal }: FetchImage): Promise<Buffer | undefined> => {
  const patience = AbortSignal.timeout(TIMEOUT_MS);
  const ends = signal ? AbortSignal.any([signal, patience]) : patience;
  let at = allowedUrl(url, undefined, isAllowed);
  try {
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const response = await fetch(at, { redirect: 'manual', signal: ends, headers: { accept: 'image/*' } });
      if (response.ok) return await readCapped(response, maxBytes);
      await response.body?.cancel();
      if (response.status === 404 || response.status === 410) return undefined;
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || !location) throw failureOf(response);
      at = allowedUrl(location, at.href, isAllowed);
    }
    throw googleError('GOOGLE_REQUEST_REJECTED', { cause: new Error('Google’s image host: too many redirects') });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof AppError) throw error;
    throw googleError('GOOGLE_UNAVAILABLE', { cause: new Error('Google’s image host: no answer') });
  }
};
