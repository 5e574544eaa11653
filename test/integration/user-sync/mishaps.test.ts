import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { AppError } from '../../../src/errors.ts';
import { person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

const HOUR_MS = 60 * 60_000;

let world: SyncWorld;
beforeEach(async () => {
  world = await createSyncWorld();
});
afterEach(() => world.close());

const everybody = () => world.people.list({ tenantId: world.tenantId, limit: 500 });
const find = async (googleId: string) => (await everybody()).find((one) => one.googleId === googleId);
const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const rows = (runId: string, filter = {}) =>
  world.userSync.runs.listChanges({ tenantId: world.tenantId, runId, limit: 500, ...filter });
const begin = async () => {
  const { runId } = await world.userSync.runs.request({
    tenantId: world.tenantId,
    requestedBy: null,
    trigger: 'manual',
  });
  return { tenantId: world.tenantId, runId };
};
const read = async (key: { tenantId: string; runId: string }) => {
  while ((await world.userSync.readDirectory(key, world.control)).outcome !== 'complete');
};
const editByHand = (googleId: string) =>
  sql`update extension_users set display_name = 'By hand', revision = revision + 1
    where tenant_id = ${world.tenantId} and id = (select extension_user_id from bindings
      where tenant_id = ${world.tenantId} and google_id = ${googleId})`.execute(world.orm.em.fork().getKysely());

describe('a person', () => {
  test('who is renamed and moves to another domain keeps extension and number', async () => {
    await world.runOnce();
    const before = await find(person(4).id);
    world.directory.people[3] = person(4, { primaryEmail: 'ada@other.example', name: { fullName: 'Ada King' } });
    await world.runOnce();
    expect(await find(person(4).id)).toMatchObject({
      id: before?.id,
      extensionNumber: before?.extensionNumber,
      email: 'ada@other.example',
      displayName: 'Ada King',
      enabled: true,
    });
  });

  test('who is deleted and made anew with the same address is another one: told, and in nobody’s way', async () => {
    await world.runOnce();
    world.directory.people[3] = person(99, { primaryEmail: person(4).primaryEmail });
    const runId = await world.runOnce();
    expect(await run(runId)).toMatchObject({ state: 'partly', failed: 0, counts: { disable: 1, conflict: 1 } });
    expect(await rows(runId, { action: 'conflict' })).toMatchObject([
      { googleId: person(99).id, reason: 'extension-bound-to-another' },
    ]);
    expect(await find(person(4).id)).toMatchObject({ enabled: false, extensionNumber: '1003' });
    expect((await everybody()).filter(({ enabled }) => enabled)).toHaveLength(11);
  });

  test('who was disabled by sync, and comes back after the integration was reset, is linked and enabled at once', async () => {
    await world.runOnce();
    world.directory.people[3] = person(4, { suspended: true });
    await world.runOnce();
    await world.userSync.connectedData.drop(world.orm.em.fork(), world.tenantId);
    await world.userSync.settings.save({ tenantId: world.tenantId, change: { mode: 'manual' } });
    world.directory.people[3] = person(4);
    expect(await run(await world.runOnce())).toMatchObject({ state: 'succeeded', counts: { link: 12 } });
    expect(await find(person(4).id)).toMatchObject({ enabled: true, extensionNumber: '1003' });
    expect(await rows(await world.runOnce())).toEqual([]);
  });

  test('whose extension is edited by hand has Google’s details again after the next sync', async () => {
    await world.runOnce();
    await editByHand(person(4).id);
    const runId = await world.runOnce();
    expect(await rows(runId)).toMatchObject([{ action: 'update', status: 'done', before: { displayName: 'By hand' } }]);
    expect(await find(person(4).id)).toMatchObject({ displayName: 'Person No 4' });
  });

  test('whose extension is edited between plan and application is left alone by this run, and seen to by the next', async () => {
    await world.runOnce();
    world.directory.people[3] = person(4, { name: { fullName: 'Ada King' } });
    world.directory.people[4] = person(5, { name: { fullName: 'Grace Hopper' } });
    const key = await begin();
    await read(key);
    await world.userSync.makePlan(key, world.control);
    await editByHand(person(4).id);
    await world.userSync.applyPlan(key, world.control);
    await world.userSync.finishRun(key);
    expect(await run(key.runId)).toMatchObject({ state: 'partly', done: 1, failed: 1 });
    expect(await rows(key.runId, { status: 'failed' })).toMatchObject([{ errorCode: 'PBX_USER_CHANGED' }]);
    expect(await find(person(4).id)).toMatchObject({ displayName: 'By hand' });
    expect(await find(person(5).id)).toMatchObject({ displayName: 'Grace Hopper' });
    expect(await run(await world.runOnce())).toMatchObject({ state: 'succeeded', done: 1 });
    expect(await find(person(4).id)).toMatchObject({ displayName: 'Ada King' });
  });
});

describe('a listing', () => {
  test('that takes more than an hour begins again, and ends', async () => {
    const key = await begin();
    let pages = 0;
    world.directory.beforeAnswer = async () => {
      if (++pages === 3) world.now.value = new Date(world.now.value.getTime() + HOUR_MS);
    };
    await read(key);
    await world.userSync.makePlan(key, world.control);
    await world.userSync.applyPlan(key, world.control);
    await world.userSync.finishRun(key);
    expect(await run(key.runId)).toMatchObject({ state: 'succeeded', usersRead: 12, done: 12 });
  });

  test('whose page tokens die each time is given up after five, and nobody was changed', async () => {
    await world.runOnce();
    const before = await everybody();
    const key = await begin();
    const dead = new AppError('GOOGLE_PAGE_TOKEN_REJECTED', 'The page token is not accepted.');
    world.directory.people = [];
    world.directory.faults = Array.from({ length: 5 }, () => dead);
    await expect(read(key)).rejects.toMatchObject({ code: 'SYNC_LISTING_UNSTABLE' });
    expect(await everybody()).toEqual(before);
  });
});

describe('a clock', () => {
  test.each([-30, -5, 5, 30])(
    'that is wrong by %i hours in mid run changes nothing about who is there',
    async (hours) => {
      await world.runOnce();
      world.directory.people.push(person(13));
      const key = await begin();
      const jump = () => {
        world.now.value = new Date(world.now.value.getTime() + hours * HOUR_MS);
      };
      let pages = 0;
      world.directory.beforeAnswer = async () => {
        if (++pages === 2) jump();
      };
      await read(key);
      delete world.directory.beforeAnswer;
      await world.userSync.makePlan(key, world.control);
      jump();
      await world.userSync.applyPlan(key, world.control);
      await world.userSync.finishRun(key);
      expect(await run(key.runId)).toMatchObject({ state: 'succeeded', done: 1, total: 1 });
      expect((await everybody()).filter(({ enabled }) => enabled)).toHaveLength(13);
    },
  );
});
