import { drawPicture } from './picture.ts';

/**
 * What stands behind a photo: a drawn PNG (also where it is the letters that Google draws for people without a picture),
 * a PNG of more than three million bytes, or files that only claim to be pictures.
 */
export type PictureKind = 'drawn' | 'letter' | 'oversized' | 'svg' | 'html';

const oversizedBytes = 3_200_000;

export function pictureBytes(kind: PictureKind, seed: number, side: number): Buffer {
  switch (kind) {
    case 'drawn':
    case 'letter':
      return drawPicture(seed, side);
    case 'oversized':
      return Buffer.concat([drawPicture(seed, side), Buffer.alloc(oversizedBytes)]);
    case 'svg':
      return Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    case 'html':
      return Buffer.from('<!doctype html><script>alert(1)</script>');
  }
}
