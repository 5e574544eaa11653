/** What is kept of pictures; everything else that Google may hold, SVG and HTML before all, is refused. */
export type PictureType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';

/**
 * Most bytes of one picture. A thumbnail has about 10 kB and a picture of 512 pixels rarely 200 kB: what is larger is no
 * portrait, and whoever lists 50 people loads 50 of them.
 */
export const PICTURE_MAX_BYTES = 2 * 1024 * 1024;

const startsWith = (bytes: Buffer, signature: readonly number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte);

/**
 * The type of a picture by its first bytes, never by what somebody says about it.
 *
 * @see https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
 */
export const pictureTypeOf = (bytes: Buffer): PictureType | undefined => {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  const head = bytes.subarray(0, 14).toString('latin1');
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8, 14) === 'WEBPVP') return 'image/webp';
  return undefined;
};
