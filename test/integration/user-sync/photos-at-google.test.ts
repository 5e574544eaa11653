import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';
import { connect, directoryScope, type Seeded, startSeeded } from '../google-stand-in/connected.ts';

const PHOTO_PATH = /\/photos\/thumbnail$/;

let google: Seeded;
let world: SyncWorld;

beforeEach(async () => {
  google = await startSeeded({ companies: [{ domain: 'acme.example', people: 40, suspended: 0, archived: 0 }] });
  const scopes = ['openid', 'email', directoryScope, 'https://www.googleapis.com/auth/directory.readonly'];
  const oauth = await connect(google.url, google.acme, { scopes });
  world = await createSyncWorld({ google: { url: google.url, accessToken: oauth.credentials.access_token ?? '' } });
  await world.userSync.settings.save({ tenantId: world.tenantId, change: { photos: true } });
});
afterEach(async () => {
  const violations = await google.control.violations();
  await Promise.all([google.close(), world.close()]);
  expect(violations).toEqual([]);
});

const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const requests = async () => (await google.control.requests()).filter(({ path }) => PHOTO_PATH.test(path));
const stored = () =>
  world.orm.em
    .fork()
    .getConnection()
    .execute<{ source: string; mime: string; bytes: Buffer }[]>(
      'select source, mime, bytes from photos join photo_contents using (tenant_id, content_hash)',
    );

describe('against Google as it is', () => {
  test('one request is made for each photo that changed, and none in an unchanged sync', async () => {
    expect(await run(await world.runOnce())).toMatchObject({ photosDone: google.acme.withPhoto, photosFailed: 0 });
    expect(await requests()).toHaveLength(google.acme.withPhoto);
    expect((await stored()).every(({ mime }) => mime === 'image/png')).toBe(true);

    await google.control.clearRequests();
    expect((await run(await world.runOnce())).photosTotal).toBe(0);
    expect(await requests()).toEqual([]);

    await google.control.setPhoto({ person: google.acme.admin.email, photoSeed: 4711 });
    await world.runOnce();
    expect(await requests()).toHaveLength(1);
  });

  test('who took the photo away has none here', async () => {
    await google.control.setPhoto({ person: google.acme.admin.email, photoSeed: 4711 });
    await world.runOnce();
    const before = (await stored()).length;
    await google.control.setPhoto({ person: google.acme.admin.email, photoSeed: null });
    await google.control.clearRequests();
    await world.runOnce();
    expect((await stored()).length).toBe(before - 1);
    expect(await requests()).toEqual([]);
  });

  test('a bad minute costs no photo, and what is no picture fails alone', async () => {
    await google.control.setPhoto({ person: google.acme.admin.email, photoSeed: 1, kind: 'svg' });
    await google.control.setPhoto({ person: google.acme.user.email, photoSeed: 2, kind: 'oversized' });
    const photos = { method: 'GET', pathPrefix: '/admin/directory/v1/users/' } as const;
    await google.control.addFault({ ...photos, kind: 'error', status: 503, count: 2 });
    await google.control.addFault({ ...photos, kind: 'drop-mid-body', count: 1 });
    expect(await run(await world.runOnce())).toMatchObject({
      state: 'succeeded',
      photosDone: google.acme.withPhoto,
      photosFailed: 2,
    });
  });

  test('larger pictures come from the image host, letters are none, and other hosts give way to the thumbnail', async () => {
    world.mayFindLarge.value = true;
    await world.userSync.settings.save({ tenantId: world.tenantId, change: { largePhotos: true } });
    await google.control.setPhoto({ person: google.acme.admin.email, photoSeed: 1, kind: 'letter' });
    const url = 'http://127.0.0.1:9/picture.png';
    await google.control.setPhoto({ person: google.acme.user.email, photoSeed: 2, url });
    expect(await run(await world.runOnce())).toMatchObject({
      photosDone: google.acme.withPhoto + 2,
      photosFailed: 0,
      photosProblemCode: null,
    });
    const sides = (await stored()).map(({ source, bytes }) => [source, bytes.readUInt32BE(16)]);
    expect(sides.filter(([source]) => source === 'directory')).toEqual([['directory', 96]]);
    expect(sides.filter(([source]) => source === 'people')).toHaveLength(google.acme.withPhoto);
    expect(new Set(sides.filter(([source]) => source === 'people').map(([, side]) => side))).toEqual(new Set([512]));
    expect(await requests()).toHaveLength(1);
    expect(await google.control.requests({ pathPrefix: '/v1/people:batchGet' })).toHaveLength(1);
  });
});
