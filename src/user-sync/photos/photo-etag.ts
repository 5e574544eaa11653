import { createHash } from 'node:crypto';

const PLAIN_ETAG = /^[\x21-\x7e]{1,128}$/;

/** The etag of a person's photo as it is stored and compared; null when Google tells none, which means no photo. */
export const toPhotoEtag = (etag: unknown): string | null => {
  if (typeof etag !== 'string' || etag === '') return null;
  return PLAIN_ETAG.test(etag) ? etag : createHash('sha256').update(etag).digest('base64url');
};
