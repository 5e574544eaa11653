import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '../../../src/errors.ts';
import { UNPACED } from '../../../src/google/index.ts';
import { BOOTSTRAP_ACTOR } from '../../../src/tenants/index.ts';
import { peopleFrom, person } from '../../support/scripted-directory.ts';
import { png } from '../../support/scripted-photos.ts';
import { createSyncWorld, type SyncWorld, stepControl } from '../../support/sync-world.ts';

let world: SyncWorld;

const idOf = (n: number): string => person(n).id;

/** Person `n` has a picture, which is another one under another etag. */
const givePhoto = (n: number, content: string): void => {
  const at = world.directory.people.findIndex(({ id }) => id === idOf(n));
  world.directory.people[at] = person(n, { thumbnailPhotoEtag: `"${content}"` });
  world.photos.thumbnails.set(idOf(n), png(content));
};

beforeEach(async () => {
  world = await createSyncWorld({ pageSize: 10, pace: { photoBatch: 2 } });
  await world.userSync.settings.save({ tenantId: world.tenantId, change: { photos: true } });
});
afterEach(() => world.close());

const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const rows = <Row>(statement: string): Promise<Row[]> => world.orm.em.fork().getConnection().execute(statement);
const contents = () => rows<{ content_hash: string }>('select content_hash from photo_contents');
const photoRows = () =>
  rows<{ google_id: string; content_hash: string | null; failures: number; error_code: string | null }>(
    'select google_id, content_hash, failures, error_code from photos order by google_id',
  );
const later = (ms: number) => {
  world.now.value = new Date(world.now.value.getTime() + ms);
};
const asked = () => world.photos.asked.splice(0);
const start = async () => {
  const { runId } = await world.userSync.runs.request({
    tenantId: world.tenantId,
    requestedBy: null,
    trigger: 'manual',
  });
  const key = { tenantId: world.tenantId, runId };
  while ((await world.userSync.readDirectory(key, world.control)).outcome !== 'complete');
  await world.userSync.makePlan(key, world.control);
  await world.userSync.applyPlan(key, world.control);
  return key;
};

describe('photos', () => {
  test('are fetched of whoever has one, counted on the run, and not asked for again while nothing changes', async () => {
    for (const n of [1, 2, 3]) givePhoto(n, `picture ${n}`);
    const runId = await world.runOnce();
    expect(await run(runId)).toMatchObject({
      state: 'succeeded',
      photosTotal: 3,
      photosDone: 3,
      photosFailed: 0,
      photosProblemCode: null,
    });
    expect(asked().toSorted()).toEqual([1, 2, 3].map(idOf));
    const before = await photoRows();
    const second = await world.runOnce();
    expect(asked()).toEqual([]);
    expect(await run(second)).toMatchObject({ state: 'succeeded', photosTotal: 0 });
    expect(await photoRows()).toEqual(before);
  });

  test('of one changed picture cost one request', async () => {
    for (const n of [1, 2, 3]) givePhoto(n, `picture ${n}`);
    await world.runOnce();
    asked();
    givePhoto(2, 'another');
    await world.runOnce();
    expect(asked()).toEqual([idOf(2)]);
    expect(await contents()).toHaveLength(3);
  });

  test('that two people share are stored once, and dropped with the last of them', async () => {
    givePhoto(1, 'the logo');
    givePhoto(2, 'the logo');
    world.directory.people[1] = person(2, { thumbnailPhotoEtag: '"of its own"' });
    await world.runOnce();
    expect((await photoRows()).map(({ content_hash }) => content_hash)).toHaveLength(2);
    expect(await contents()).toHaveLength(1);
    world.directory.people[0] = person(1);
    await world.runOnce();
    expect((await photoRows()).map(({ google_id }) => google_id)).toEqual([idOf(2)]);
    expect(await contents()).toHaveLength(1);
    world.directory.people[1] = person(2);
    await world.runOnce();
    expect(await contents()).toEqual([]);
  });

  test('that are told and then not found are remembered as none', async () => {
    givePhoto(1, 'gone');
    world.photos.thumbnails.clear();
    expect(await run(await world.runOnce())).toMatchObject({ photosDone: 1, photosFailed: 0 });
    expect(await photoRows()).toMatchObject([{ content_hash: null, failures: 0 }]);
    asked();
    await world.runOnce();
    expect(asked()).toEqual([]);
  });

  test('of disabled people are left alone, and fetched when they come back', async () => {
    givePhoto(1, 'picture');
    world.directory.people[1] = person(2, { thumbnailPhotoEtag: '"two"', suspended: true });
    await world.runOnce();
    expect(asked()).toEqual([idOf(1)]);
    world.directory.people[0] = person(1, { thumbnailPhotoEtag: '"new"', suspended: true });
    await world.runOnce();
    expect(asked()).toEqual([]);
    expect(await photoRows()).toHaveLength(1);
  });

  test('go with their extension', async () => {
    givePhoto(1, 'picture');
    await world.runOnce();
    await rows(`delete from extension_users where tenant_id = '${world.tenantId}'`);
    expect(await photoRows()).toEqual([]);
  });

  test('go with their tenant', async () => {
    givePhoto(1, 'picture');
    await world.runOnce();
    await rows(`delete from tenants where id = '${world.tenantId}'`);
    expect(await photoRows()).toEqual([]);
    expect(await contents()).toEqual([]);
  });

  test('are not fetched by a preview', async () => {
    givePhoto(1, 'picture');
    const key = { tenantId: world.tenantId, runId: await world.runOnce({ dryRun: true }) };
    expect(asked()).toEqual([]);
    expect(await run(key.runId)).toMatchObject({ photosTotal: 0 });
  });

  test('of a run for a few people are theirs alone', async () => {
    await world.runOnce();
    givePhoto(1, 'one');
    givePhoto(2, 'two');
    await world.runPeople(idOf(2));
    expect(asked()).toEqual([idOf(2)]);
    await world.runOnce();
    expect(asked()).toEqual([idOf(1)]);
  });
});

describe('the switch', () => {
  test('off fetches nothing', async () => {
    await world.userSync.settings.save({ tenantId: world.tenantId, change: { photos: false } });
    givePhoto(1, 'picture');
    await world.runOnce();
    expect(asked()).toEqual([]);
    expect(await photoRows()).toEqual([]);
  });

  test('turned off takes every photo away at once; turned on again it brings them back', async () => {
    givePhoto(1, 'picture');
    await world.runOnce();
    const save = (photos: boolean) =>
      world.userSync.administration.saveSettings(BOOTSTRAP_ACTOR, { tenantId: world.tenantId, change: { photos } });
    await save(false);
    expect(await photoRows()).toEqual([]);
    expect(await contents()).toEqual([]);
    await save(true);
    await world.runOnce();
    expect(await photoRows()).toHaveLength(1);
  });

  test('turned off while photos are fetched stores none of them', async () => {
    givePhoto(1, 'picture');
    const key = await start();
    world.photos.beforeAnswer = async () => {
      await world.userSync.settings.save({ tenantId: world.tenantId, change: { photos: false } });
    };
    await world.userSync.syncPhotos(key, world.control);
    expect(await photoRows()).toEqual([]);
  });
});

describe('a photo that fails', () => {
  test('fails alone, with its reason, and the run succeeds', async () => {
    for (const n of [1, 2, 3]) givePhoto(n, `picture ${n}`);
    world.photos.thumbnails.set(idOf(2), Buffer.from('<svg/>'));
    expect(await run(await world.runOnce())).toMatchObject({ state: 'succeeded', photosDone: 2, photosFailed: 1 });
    expect((await photoRows())[1]).toMatchObject({ failures: 1, error_code: 'PHOTO_TYPE_REFUSED', content_hash: null });
  });

  test.each([
    ['HTML', Buffer.from('<!doctype html><script>1</script>'), 'PHOTO_TYPE_REFUSED'],
    ['more than 2 MB', Buffer.concat([png('x'), Buffer.alloc(2 * 1024 * 1024)]), 'PHOTO_TOO_LARGE'],
  ])('because it is %s keeps the picture that was there', async (_, bytes, code) => {
    givePhoto(1, 'good');
    await world.runOnce();
    const [before] = await photoRows();
    givePhoto(1, 'bad');
    world.photos.thumbnails.set(idOf(1), bytes);
    await world.runOnce();
    expect(await photoRows()).toMatchObject([{ content_hash: before?.content_hash, error_code: code, failures: 1 }]);
  });

  test('is told where the person is explained, with the next try, until it comes', async () => {
    for (const n of [1, 2]) givePhoto(n, `picture ${n}`);
    world.photos.faults.set(idOf(2), [new AppError('PHOTO_TYPE_REFUSED', 'No picture.')]);
    await world.runOnce();
    const explain = async (n: number) => {
      const asked = { tenantId: world.tenantId, user: idOf(n) };
      return (await world.userSync.administration.explain(BOOTSTRAP_ACTOR, asked)).photoTrouble;
    };
    const retryAt = new Date(world.now.value.getTime() + 10 * 60_000);
    expect(await explain(2)).toEqual({ code: 'PHOTO_TYPE_REFUSED', message: 'No picture.', retryAt });
    expect(await explain(1)).toBeNull();
    world.now.value = retryAt;
    await world.runOnce();
    expect(await explain(2)).toBeNull();
  });

  test('is tried again by later runs at growing distances, and at once when the picture changes', async () => {
    givePhoto(1, 'bad');
    world.photos.thumbnails.set(idOf(1), Buffer.from('<svg/>'));
    await world.runOnce();
    expect(asked()).toHaveLength(1);
    await world.runOnce();
    expect(asked()).toHaveLength(0);
    later(11 * 60_000);
    await world.runOnce();
    expect(asked()).toHaveLength(1);
    later(11 * 60_000);
    await world.runOnce();
    expect(asked()).toHaveLength(0);
    givePhoto(1, 'mended');
    await world.runOnce();
    expect(asked()).toHaveLength(1);
    expect(await photoRows()).toMatchObject([{ failures: 0, error_code: null }]);
  });

  test('by an outage is tried three times', async () => {
    const away = () => new AppError('GOOGLE_UNAVAILABLE', 'away');
    for (const n of [1, 2]) givePhoto(n, `picture ${n}`);
    world.photos.faults.set(idOf(1), [away(), away()]);
    world.photos.faults.set(idOf(2), [away(), away(), away()]);
    expect(await run(await world.runOnce())).toMatchObject({ photosDone: 1, photosFailed: 1 });
  });
});

describe('Google', () => {
  test('that asks to wait is waited for, with what was fetched stored', async () => {
    for (const n of [1, 2, 3, 4, 5]) givePhoto(n, `picture ${n}`);
    const busy = new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 1234 });
    world.photos.faults.set(idOf(5), [busy]);
    const key = await start();
    expect(await world.userSync.syncPhotos(key, world.control)).toEqual({
      outcome: 'paused',
      retryAfterMs: 1234,
      moved: true,
    });
    expect(await run(key.runId)).toMatchObject({ state: 'photos', photosProblemCode: 'GOOGLE_RATE_LIMITED' });
    asked();
    expect(await world.userSync.syncPhotos(key, world.control)).toEqual({ outcome: 'complete' });
    expect(asked()).toEqual([idOf(5)]);
    expect(await run(key.runId)).toMatchObject({ photosTotal: 5, photosDone: 5, photosProblemCode: null });
  });

  test('that is away for everybody is not asked for everybody', async () => {
    world.directory.people = peopleFrom(1, 60);
    for (let n = 1; n <= 60; n++) givePhoto(n, `picture ${n}`);
    world.photos.getThumbnail = async ({ googleId }) => {
      world.photos.asked.push(googleId);
      throw new AppError('GOOGLE_UNAVAILABLE', 'away');
    };
    const key = await start();
    expect(await world.userSync.syncPhotos(key, world.control)).toMatchObject({ outcome: 'paused', moved: false });
    expect(asked().length).toBeLessThan(40);
    expect(await photoRows()).toEqual([]);
  });

  test.each([
    ['whose grant ended', 'GRANT_REVOKED'],
    ['whose API is off', 'GOOGLE_API_DISABLED'],
  ] as const)('%s leaves photos to the next run, with a note, and nobody waits', async (_, code) => {
    givePhoto(1, 'picture');
    world.photos.faults.set(idOf(1), [new AppError(code, 'Do this.')]);
    const runId = await world.runOnce();
    expect(await run(runId)).toMatchObject({
      state: 'succeeded',
      photosDone: 0,
      photosProblemCode: code,
      photosProblemMessage: 'Do this.',
    });
    await world.runOnce();
    expect(await photoRows()).toHaveLength(1);
  });

  test('that refuses a token is asked with a new one, once for all requests that met the refusal', async () => {
    const forgotten: string[] = [];
    world.access.forgetAccessToken = async (_, token) => {
      forgotten.push(token);
    };
    for (const n of [1, 2, 3]) {
      givePhoto(n, `picture ${n}`);
      world.photos.faults.set(idOf(n), [new AppError('GOOGLE_TOKEN_REJECTED', 'no')]);
    }
    world.access.getAccessToken = async () => `token ${forgotten.length}`;
    expect(await run(await world.runOnce())).toMatchObject({ photosDone: 3 });
    expect(forgotten).toEqual(['token 0']);
  });
});

describe('larger pictures', () => {
  const url = 'https://lh3.googleusercontent.com/a';
  const bytesOf = async () => (await rows<{ bytes: Buffer }>('select bytes from photo_contents')).map(String);
  const shown = async () =>
    (await rows<{ bytes: Buffer }>('select bytes from photo_contents order by bytes')).map(({ bytes }) =>
      bytes.subarray(8).toString(),
    );

  beforeEach(async () => {
    world.mayFindLarge.value = true;
    await world.userSync.settings.save({ tenantId: world.tenantId, change: { largePhotos: true } });
    givePhoto(1, 'small');
  });

  test('are taken where there is one', async () => {
    world.photos.large.set(idOf(1), { kind: 'own', url });
    await world.runOnce();
    expect(await shown()).toEqual([url]);
    expect(asked()).toEqual([]);
  });

  test('that only show the letters Google draws count as none', async () => {
    world.photos.large.set(idOf(1), { kind: 'generated' });
    await world.runOnce();
    expect(await photoRows()).toMatchObject([{ content_hash: null, failures: 0 }]);
    expect(await bytesOf()).toEqual([]);
  });

  test('that cannot be used give way to the small one', async () => {
    world.photos.large.set(idOf(1), { kind: 'own', url });
    world.photos.faults.set(url, [new AppError('PHOTO_HOST_REFUSED', 'not there')]);
    await world.runOnce();
    expect(await shown()).toEqual(['small']);
  });

  test('wanted later replace the small ones once, and nobody is asked again afterwards', async () => {
    world.mayFindLarge.value = false;
    const first = await world.runOnce();
    expect(await run(first)).toMatchObject({ photosDone: 1, photosProblemCode: 'GOOGLE_SCOPE_MISSING' });
    expect(await shown()).toEqual(['small']);
    world.mayFindLarge.value = true;
    world.photos.large.set(idOf(1), { kind: 'own', url });
    expect(await run(await world.runOnce())).toMatchObject({ photosDone: 1, photosProblemCode: null });
    expect(await shown()).toEqual([url]);
    expect(await run(await world.runOnce())).toMatchObject({ photosTotal: 0 });
  });

  test('that the People API refuses give way to the small ones, with a note', async () => {
    world.photos.findLarge = async () => {
      throw new AppError('GOOGLE_API_DISABLED', 'Enable it.');
    };
    expect(await run(await world.runOnce())).toMatchObject({ photosDone: 1, photosProblemCode: 'GOOGLE_API_DISABLED' });
    expect(await shown()).toEqual(['small']);
  });
});

describe('a stretch of photos', () => {
  test('done twice at once stores and counts each photo once', async () => {
    for (let n = 1; n <= 9; n++) givePhoto(n, `picture ${n}`);
    const key = await start();
    await Promise.all([
      world.userSync.syncPhotos(key, world.control),
      world.userSync.syncPhotos(key, stepControl({ attempt: 2 })),
    ]);
    expect(await photoRows()).toHaveLength(9);
    expect(await contents()).toHaveLength(9);
    expect(await run(key.runId)).toMatchObject({ photosDone: 9, photosFailed: 0 });
  });

  test('that was ended in the middle goes on behind what it stored', async () => {
    for (let n = 1; n <= 9; n++) givePhoto(n, `picture ${n}`);
    const key = await start();
    const ended = new AbortController();
    world.photos.beforeAnswer = async (signal) => {
      if (world.photos.asked.length >= 9) ended.abort(new Error('the worker stops'));
      if (world.photos.asked.length >= 9) signal?.throwIfAborted();
    };
    const control = stepControl({ signal: ended.signal });
    await expect(world.userSync.syncPhotos(key, control)).rejects.toThrow('the worker stops');
    const stored = (await photoRows()).length;
    delete world.photos.beforeAnswer;
    asked();
    await world.userSync.syncPhotos(key, stepControl({ attempt: 2 }));
    expect(asked()).toHaveLength(9 - stored);
    expect(await run(key.runId)).toMatchObject({ photosTotal: 9, photosDone: 9, resumed: 1 });
  });

  test('stops when the end of the run was asked for', async () => {
    for (let n = 1; n <= 12; n++) givePhoto(n, `picture ${n}`);
    const key = await start();
    world.photos.beforeAnswer = async () => world.userSync.runs.cancel(world.tenantId, key.runId);
    await expect(world.userSync.syncPhotos(key, world.control)).rejects.toMatchObject({ code: 'SYNC_RUN_CANCELLED' });
  });

  test('holds no more photos in memory at once than it is allowed to', async () => {
    world.directory.people = peopleFrom(1, 60);
    for (let n = 1; n <= 60; n++) givePhoto(n, `picture ${n}`);
    let underWay = 0;
    let most = 0;
    const { getThumbnail } = world.photos;
    world.photos.getThumbnail = async (request) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return getThumbnail(request);
    };
    await world.runOnce();
    expect(await photoRows()).toHaveLength(60);
    expect(most).toBeLessThanOrEqual(12);
  });
});

test('one tenant’s photos and switch are nothing to another', async () => {
  givePhoto(1, 'the same');
  const other = await world.newTenant();
  await world.userSync.settings.save({ tenantId: other, change: { photos: true } });
  await world.runOnce();
  await world.runOnce({ tenantId: other });
  expect(await contents()).toHaveLength(2);
  await world.userSync.administration.saveSettings(BOOTSTRAP_ACTOR, { tenantId: other, change: { photos: false } });
  expect(await photoRows()).toHaveLength(1);
  expect(await contents()).toHaveLength(1);
});

test('the pace is asked for each request, as the least urgent of all', async () => {
  const urgencies = new Set<string>();
  let permits = 0;
  const { take } = UNPACED;
  world.googlePace.take = async (request) => {
    if (request.urgency === 'photos') permits += request.permits;
    urgencies.add(request.urgency);
    return take(request);
  };
  for (const n of [1, 2, 3]) givePhoto(n, `picture ${n}`);
  await world.runOnce();
  expect(permits).toBe(3);
  expect([...urgencies].toSorted()).toEqual(['manual', 'photos']);
});
