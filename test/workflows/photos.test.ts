import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createUserSyncActivities } from '../../src/activities/user-sync.ts';
import { userSyncWorkflowId } from '../../src/contracts/index.ts';
import { AppError } from '../../src/errors.ts';
import { createRunStarter } from '../../src/temporal/run-starter.ts';
import { person } from '../support/scripted-directory.ts';
import { png } from '../support/scripted-photos.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

const PEOPLE = 12;

let world: SyncWorld;
let temporal: TemporalWorld;

beforeEach(async () => {
  world = await createSyncWorld({ pageSize: 20, pace: { photoBatch: 2, photosParallel: 2, photoStretch: 4 } });
  temporal = createTemporalWorld();
  const starter = createRunStarter(temporal.client, temporal.queues);
  world.starter.requestRun = (run) => starter.requestRun(run);
  world.starter.cancelRun = (run) => starter.cancelRun(run);
  await world.userSync.settings.save({ tenantId: world.tenantId, change: { photos: true } });
  for (let n = 1; n <= PEOPLE; n++) {
    world.directory.people[n - 1] = person(n, { thumbnailPhotoEtag: `"${n}"` });
    world.photos.thumbnails.set(person(n).id, png(`picture ${n}`));
  }
});
afterEach(async () => {
  await temporal.close();
  await world.close();
});

const work = () => temporal.start(createUserSyncActivities(world.userSync));
const request = async () =>
  (await world.userSync.runs.request({ tenantId: world.tenantId, requestedBy: null, trigger: 'manual' })).runId;
const ended = () => temporal.client.workflow.getHandle(userSyncWorkflowId(world.tenantId)).result();
const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const photosStored = async () =>
  (await world.orm.em.fork().getConnection().execute('select from photos where content_hash is not null')).length;

/** Resolves when so many photos were asked for; from then on nobody gets one until the answer is called. */
const holdAt = (count: number) => {
  let reached = () => {};
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  world.photos.beforeAnswer = async (signal) => {
    if (world.photos.asked.length < count) return;
    reached();
    await Promise.race([
      released,
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    ]);
  };
  return { isReached, release };
};

describe('photos of a run', () => {
  test('come after its changes, and the run shows both', async () => {
    const { isReached, release } = holdAt(5);
    await work();
    const runId = await request();
    await isReached;
    expect(await run(runId)).toMatchObject({ state: 'photos', done: PEOPLE, photosTotal: PEOPLE });
    release();
    await ended();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', photosDone: PEOPLE, photosFailed: 0 });
    expect(await photosStored()).toBe(PEOPLE);
    expect(temporal.unexpected).toEqual([]);
  });

  test('that all fail leave the run as its plan ended', async () => {
    world.photos.getThumbnail = async () => {
      throw new AppError('GOOGLE_FORBIDDEN', 'Give the person the role.');
    };
    await work();
    const runId = await request();
    await ended();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', done: PEOPLE, photosDone: 0, photosFailed: PEOPLE });
  });

  test('that break in a way nobody foresaw leave the run as its plan ended, with a note', async () => {
    const activities = createUserSyncActivities(world.userSync);
    await temporal.start({
      ...activities,
      syncPhotos: async () => {
        throw new AppError('CONFLICT', 'Never foreseen.');
      },
    });
    const runId = await request();
    await ended();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', done: PEOPLE, photosProblemCode: 'CONFLICT' });
  });

  test('wait as long as Google asks and go on', async () => {
    const busy = new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 200 });
    world.photos.faults.set(person(6).id, [busy]);
    await work();
    const runId = await request();
    await ended();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', photosDone: PEOPLE, photosProblemCode: null });
  });

  test('that Google lets wait for too long are left to the next run, with a note', async () => {
    const busy = new AppError('GOOGLE_DAILY_LIMIT_REACHED', 'tomorrow', { retryAfterMs: 60 * 60_000 });
    world.photos.faults.set(person(1).id, [busy]);
    await work();
    const first = await request();
    await ended();
    expect(await run(first)).toMatchObject({ state: 'succeeded', photosProblemCode: 'GOOGLE_DAILY_LIMIT_REACHED' });
    const second = await request();
    await ended();
    expect(await run(second)).toMatchObject({ state: 'succeeded', photosProblemCode: null });
    expect(await photosStored()).toBe(PEOPLE);
  });

  test('never wait for an authorization: the run ends and says why', async () => {
    world.photos.faults.set(person(1).id, [new AppError('GRANT_REVOKED', 'Authorize again.')]);
    await work();
    const runId = await request();
    await ended();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', photosProblemCode: 'GRANT_REVOKED' });
  });

  test('go on with another worker when theirs stops in the middle', async () => {
    const { isReached, release } = holdAt(7);
    const first = await work();
    const runId = await request();
    await isReached;
    const stopped = first.stop();
    release();
    await stopped;
    const stored = await photosStored();
    delete world.photos.beforeAnswer;
    world.photos.asked.splice(0);
    await work();
    await ended();
    expect(stored).toBeGreaterThan(0);
    expect(world.photos.asked).toHaveLength(PEOPLE - stored);
    expect(await run(runId)).toMatchObject({ state: 'succeeded', photosDone: PEOPLE });
  });

  test('stop when the run is cancelled, and what was fetched stays', async () => {
    const { isReached, release } = holdAt(7);
    await work();
    const runId = await request();
    await isReached;
    await world.userSync.runs.cancel(world.tenantId, runId);
    release();
    await ended();
    expect(await run(runId)).toMatchObject({ state: 'cancelled', done: PEOPLE });
    expect(await photosStored()).toBeGreaterThan(0);
    expect(await photosStored()).toBeLessThan(PEOPLE);
  });

  test('make way for a run that waits', async () => {
    const busy = () => new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 5 * 60_000 });
    world.photos.faults.set(person(PEOPLE).id, [busy()]);
    await work();
    const first = await request();
    while ((await run(first)).photosProblemCode !== 'GOOGLE_RATE_LIMITED') {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { runId } = await world.userSync.runs.requestPeople({
      tenantId: world.tenantId,
      keys: [person(PEOPLE).id],
      trigger: 'one-user',
      requestedBy: null,
    });
    await ended();
    expect(await run(first)).toMatchObject({ state: 'succeeded', photosDone: PEOPLE - 1 });
    expect(await run(runId)).toMatchObject({ state: 'succeeded', photosDone: 1 });
  });
});
