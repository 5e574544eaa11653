import { describe, expect, test } from '@jest/globals';
import { pictureTypeOf } from '../../../src/user-sync/photos/picture-type.ts';

const text = (value: string) => Buffer.from(value, 'latin1');

describe('the type of a picture', () => {
  test.each([
    ['image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
    ['image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])],
    ['image/gif', text('GIF89a....')],
    ['image/gif', text('GIF87a....')],
    ['image/webp', text('RIFF....WEBPVP8 ')],
  ])('is %s by its first bytes', (type, bytes) => expect(pictureTypeOf(bytes)).toBe(type));

  test.each([
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['XML', text('<?xml version="1.0"?><svg/>')],
    ['HTML', text('<!doctype html><img>')],
    ['a page that begins with blanks', text('  \n<html>')],
    ['BMP', text('BM......')],
    ['TIFF', text('II*\0....')],
    ['a sound in the frame of WebP', text('RIFF....WAVEfmt ')],
    ['the beginning of a PNG', Buffer.from([0x89, 0x50, 0x4e])],
    ['nothing', Buffer.alloc(0)],
  ])('is unknown for %s', (_, bytes) => expect(pictureTypeOf(bytes)).toBeUndefined());
});
