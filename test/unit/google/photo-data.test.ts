import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodePhotoData } from '../../../src/google/photo-data.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array));

describe('photoData', () => {
  test('is read back in every spelling that Google and its clients have shown', () => {
    const paddings = fc.constantFrom('=', '*', '.', '');
    const alphabets = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.replaceAll('+', '-').replaceAll('/', '_'),
    );
    const breaks = fc.constantFrom('', '\n', '\r\n');
    fc.assert(
      fc.property(bytes, paddings, alphabets, breaks, (picture, padding, spell, end) => {
        const text = spell(picture.toString('base64')).replaceAll('=', padding) + end;
        expect(decodePhotoData(text)?.equals(picture)).toBe(true);
      }),
    );
  });

  test.each([[undefined], [null], [7], [''], ['===='], ['AAAAA'], ['<svg>'], ['AA=A']])(
    'that is %p is not taken for a picture',
    (text) => expect(decodePhotoData(text)).toBeUndefined(),
  );
});
