import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GOOGLE_IMAGES } from '../../../src/config.ts';
import { createGooglePhotos, type GooglePhotos } from '../../../src/google/photos.ts';
import { endpointsAt } from '../../support/in-line-authorization.ts';
import { connect, directoryScope, type Seeded, startSeeded } from '../google-stand-in/connected.ts';

const PEOPLE_SCOPE = 'https://www.googleapis.com/auth/directory.readonly';
const MAX_BYTES = 1_000_000;

let google: Seeded;
let photos: GooglePhotos;
let accessToken: string;
let googleId: string;

beforeAll(async () => {
  google = await startSeeded();
  photos = createGooglePhotos(endpointsAt(google.url));
  const oauth = await connect(google.url, google.acme, { scopes: ['openid', 'email', directoryScope, PEOPLE_SCOPE] });
  accessToken = oauth.credentials.access_token ?? '';
  googleId = (await google.control.addPerson({ primaryEmail: 'ada@acme.example', photoSeed: 7 })).id;
});
beforeEach(async () => {
  await google.control.clearFaults();
  await google.control.setPhoto({ person: googleId, photoSeed: 7 });
});
afterAll(async () => {
  expect(await google.control.violations()).toEqual([]);
  await google.close();
});

const isPng = (bytes: Buffer | undefined) => bytes?.subarray(1, 4).toString() === 'PNG';
const large = async () => (await photos.findLarge({ accessToken, googleIds: [googleId] })).get(googleId);
const largeUrl = async () => {
  const found = await large();
  return found?.kind === 'own' ? found.url : '';
};

describe('the thumbnail', () => {
  test('comes as bytes, whatever the padding', async () => {
    for (const { id } of await Promise.all(
      [1, 2, 3, 4].map((n) => google.control.addPerson({ primaryEmail: `p${n}@acme.example`, photoSeed: n })),
    )) {
      expect(isPng(await photos.getThumbnail({ accessToken, googleId: id }))).toBe(true);
    }
  });

  test('of somebody without a photo is none, and so is that of somebody who is gone', async () => {
    await google.control.setPhoto({ person: googleId, photoSeed: null });
    expect(await photos.getThumbnail({ accessToken, googleId })).toBeUndefined();
    expect(await photos.getThumbnail({ accessToken, googleId: '123456789' })).toBeUndefined();
  });

  test.each([
    [403, 'userRateLimitExceeded', 'GOOGLE_RATE_LIMITED'],
    [503, 'backendError', 'GOOGLE_UNAVAILABLE'],
    [403, 'forbidden', 'GOOGLE_FORBIDDEN'],
  ])('that is answered %i %s fails as %s', async (status, reason, code) => {
    await google.control.addFault({ pathPrefix: '/admin/directory/v1/users', kind: 'error', status, reason });
    await expect(photos.getThumbnail({ accessToken, googleId })).rejects.toMatchObject({ code });
  });
});

describe('the large picture', () => {
  test('is found for many people in one request, and fetched in its size without our token', async () => {
    const before = (await google.control.requests({ pathPrefix: '/v1/people:batchGet' })).length;
    const found = await photos.findLarge({ accessToken, googleIds: [googleId, google.acme.user.id, '123456789'] });
    expect((await google.control.requests({ pathPrefix: '/v1/people:batchGet' })).length).toBe(before + 1);
    expect([...found.keys()]).toEqual([googleId]);
    const picture = await photos.fetchLarge({ url: await largeUrl(), maxBytes: MAX_BYTES });
    expect(isPng(picture)).toBe(true);
    expect(picture?.readUInt32BE(16)).toBe(512);
  });

  test('that Google drew itself, the letters of a name, is known as such', async () => {
    await google.control.setPhoto({ person: googleId, photoSeed: 7, kind: 'letter' });
    expect(await large()).toEqual({ kind: 'generated' });
  });

  test('that is gone is none', async () => {
    const url = await largeUrl();
    await google.control.addFault({ pathPrefix: '/a-/', kind: 'error', status: 404 });
    expect(await photos.fetchLarge({ url, maxBytes: MAX_BYTES })).toBeUndefined();
  });

  test('is given up once it is larger than allowed', async () => {
    await google.control.setPhoto({ person: googleId, photoSeed: 7, kind: 'oversized' });
    await expect(photos.fetchLarge({ url: await largeUrl(), maxBytes: MAX_BYTES })).rejects.toMatchObject({
      code: 'PHOTO_TOO_LARGE',
    });
  });

  test('is not fetched from another place, neither at once nor by a redirect', async () => {
    const url = await largeUrl();
    await google.control.addFault({ pathPrefix: '/a-/', kind: 'redirect', location: 'http://127.0.0.1:9/secret' });
    const refused = { code: 'PHOTO_HOST_REFUSED' };
    await expect(photos.fetchLarge({ url, maxBytes: MAX_BYTES })).rejects.toMatchObject(refused);
    await expect(photos.fetchLarge({ url: 'not an address', maxBytes: MAX_BYTES })).rejects.toMatchObject(refused);
    const atGoogle = createGooglePhotos({ ...endpointsAt(google.url), images: GOOGLE_IMAGES });
    await expect(atGoogle.fetchLarge({ url, maxBytes: MAX_BYTES })).rejects.toMatchObject(refused);
  });

  test('that is redirected for ever is given up', async () => {
    const url = await largeUrl();
    await google.control.addFault({ pathPrefix: '/a-/', kind: 'redirect', location: url });
    await expect(photos.fetchLarge({ url, maxBytes: MAX_BYTES })).rejects.toMatchObject({
      code: 'GOOGLE_REQUEST_REJECTED',
    });
  });

  test.each([
    [{ kind: 'error' as const, status: 429 }, 'GOOGLE_RATE_LIMITED'],
    [{ kind: 'error' as const, status: 503 }, 'GOOGLE_UNAVAILABLE'],
    [{ kind: 'drop-mid-body' as const }, 'GOOGLE_UNAVAILABLE'],
    [{ kind: 'drop-before-answer' as const }, 'GOOGLE_UNAVAILABLE'],
  ])('after %o is tried again later', async (fault, code) => {
    const url = await largeUrl();
    await google.control.addFault({ pathPrefix: '/a-/', ...fault });
    await expect(photos.fetchLarge({ url, maxBytes: MAX_BYTES })).rejects.toMatchObject({ code });
  });

  test('ends at once when its run does', async () => {
    const url = await largeUrl();
    await google.control.addFault({ pathPrefix: '/a-/', kind: 'delay', delayMs: 60_000 });
    const run = new AbortController();
    const fetching = photos.fetchLarge({ url, maxBytes: MAX_BYTES, signal: run.signal });
    run.abort(new Error('over'));
    await expect(fetching).rejects.toThrow('over');
  });
});

test('large pictures are not found with the scopes of sign-in, which Google lets through', async () => {
  const oauth = await connect(google.url, google.acme, { scopes: ['openid', 'email', directoryScope] });
  const narrow = oauth.credentials.access_token ?? '';
  expect((await photos.findLarge({ accessToken: narrow, googleIds: [googleId] })).size).toBe(0);
});
