import { describe, expect, test } from '@jest/globals';
import { GOOGLE_IMAGES } from '../../../src/config.ts';
import { createImageHostRule } from '../../../src/google/image-hosts.ts';

describe('pictures are fetched', () => {
  const isAllowed = createImageHostRule(GOOGLE_IMAGES);

  test.each(['https://lh3.googleusercontent.com/a-/x=s100', 'https://LH6.GoogleUserContent.com/x?sz=512'])(
    'from %s',
    (url) => expect(isAllowed(new URL(url))).toBe(true),
  );

  test.each([
    'http://lh3.googleusercontent.com/x',
    'https://googleusercontent.com/x',
    'https://lh3.googleusercontent.com.evil.example/x',
    'https://evilgoogleusercontent.com/x',
    'https://lh3.googleusercontent.com:8443/x',
    'https://lh3.googleusercontent.com./x',
    'https://user:password@lh3.googleusercontent.com/x',
    'https://lh3.googleusercontent.com@evil.example/x',
    'https://www.google.com/x',
    'https://169.254.169.254/latest/meta-data',
    'http://localhost:3000/x',
    'http://127.0.0.1/x',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
  ])('never from %s', (url) => expect(isAllowed(new URL(url))).toBe(false));
});

describe('with another origin in the configuration, pictures are fetched', () => {
  const isAllowed = createImageHostRule('http://127.0.0.1:4000');

  test('from that origin', () => expect(isAllowed(new URL('http://127.0.0.1:4000/a-/1'))).toBe(true));

  test.each(['http://127.0.0.1:4001/a-/1', 'http://localhost:4000/a-/1', 'https://lh3.googleusercontent.com/x'])(
    'never from %s',
    (url) => expect(isAllowed(new URL(url))).toBe(false),
  );
});
