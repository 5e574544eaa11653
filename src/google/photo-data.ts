/**
 * The bytes of a `photoData` of the Directory API, which is base64 in the web-safe alphabet. Its padding is written `=`,
 * `*` or `.`, or left out: Google's own description and what clients have met disagree. Undefined when it is not base64.
 */
export const decodePhotoData = (text: unknown): Buffer | undefined => {
  if (typeof text !== 'string') return undefined;
  const bare = text
    .replace(/\s+/g, '')
    .replace(/[=*.]{0,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  if (bare === '' || bare.length % 4 === 1 || !/^[\w-]+$/.test(bare)) return undefined;
  return Buffer.from(bare, 'base64url');
};
