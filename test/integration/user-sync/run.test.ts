import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '../../../src/errors.ts';
import { peopleFrom, person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld, stepControl } from '../../support/sync-world.ts';

let world: SyncWorld;
beforeEach(async () => {
  world = await createSyncWorld();
});
afterEach(() => world.close());

const everybody = () => world.people.list({ tenantId: world.tenantId, limit: 500 });
const changesOf = (runId: string, filter = {}) =>
  world.userSync.runs.listChanges({ tenantId: world.tenantId, runId, limit: 500, ...filter });
const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const start = async () => {
  const { runId } = await world.userSync.runs.request({
    tenantId: world.tenantId,
    requestedBy: null,
    trigger: 'manual',
  });
  return { tenantId: world.tenantId, runId };
};

describe('a first run', () => {
  test('makes one extension for each person, numbered in Google id order from the first extension on', async () => {
    const runId = await world.runOnce();
    const people = await everybody();
    expect(people.map(({ extensionNumber, googleId }) => [extensionNumber, googleId])).toEqual(
      Array.from({ length: 12 }, (_, i) => [String(1000 + i), String(100_000_001 + i)]),
    );
    expect(await run(runId)).toMatchObject({
      state: 'succeeded',
      counts: { create: 12 },
      usersRead: 12,
      pagesRead: 3,
      total: 12,
      done: 12,
      failed: 0,
    });
  });

  test('gives the same numbers in whatever order Google lists people', async () => {
    world.directory.people = peopleFrom(1, 12).toReversed();
    await world.runOnce();
    const people = await everybody();
    expect(people.map(({ googleId }) => googleId)).toEqual(peopleFrom(1, 12).map(({ id }) => id));
  });

  test('counts a person once that two pages hold, because the list moved while it was read', async () => {
    world.directory.people = [...peopleFrom(1, 5), person(5), ...peopleFrom(6, 3)];
    await world.runOnce();
    expect(await everybody()).toHaveLength(8);
  });

  test('leaves everybody else in the PBX alone', async () => {
    const hand = await world.people.create({
      tenantId: world.tenantId,
      displayName: 'Reception',
      extensionNumber: 1003,
    });
    await world.runOnce();
    expect(await world.people.get(world.tenantId, hand.id)).toEqual(hand);
    expect((await everybody()).filter(({ extensionNumber }) => extensionNumber === '1003')).toHaveLength(1);
  });
});

describe('a second run', () => {
  test('of an unchanged directory plans nothing and writes to nobody', async () => {
    await world.runOnce();
    const before = await everybody();
    const runId = await world.runOnce();
    expect(await changesOf(runId)).toEqual([]);
    expect(await everybody()).toEqual(before);
  });

  test('with a new picture alone plans nothing and writes to no extension', async () => {
    world.directory.people[4] = person(5, { thumbnailPhotoEtag: '"one"' });
    await world.runOnce();
    const before = await everybody();
    world.directory.people[4] = person(5, { thumbnailPhotoEtag: '"two"' });
    expect(await changesOf(await world.runOnce())).toEqual([]);
    expect(await everybody()).toEqual(before);
  });

  test('changes exactly who changed, and tells before and after', async () => {
    await world.runOnce();
    world.directory.people[4] = person(5, { name: { fullName: 'Ada King' } });
    const [change, ...others] = await changesOf(await world.runOnce());
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      action: 'update',
      status: 'done',
      reason: 'details-changed',
      before: { displayName: 'Person No 5' },
      after: { displayName: 'Ada King' },
    });
  });

  test('disables leavers and keeps their number; who comes back has it again', async () => {
    await world.runOnce();
    const [gone] = world.directory.people.splice(2, 1);
    world.directory.people[0] = person(1, { suspended: true });
    await world.runOnce();
    const disabled = (await everybody()).filter(({ enabled }) => !enabled);
    expect(disabled.map(({ extensionNumber }) => extensionNumber)).toEqual(['1000', '1002']);

    if (gone) world.directory.people.push(gone);
    world.directory.people[0] = person(1);
    await world.runOnce();
    expect((await everybody()).filter(({ enabled }) => enabled)).toHaveLength(12);
    expect((await everybody()).find(({ googleId }) => googleId === gone?.id)?.extensionNumber).toBe('1002');
  });

  test('holds removals that are too many to be believed, and goes on with the rest', async () => {
    world.directory.people = peopleFrom(1, 40);
    await world.runOnce();
    world.directory.people = [...peopleFrom(1, 20), person(99)];
    const runId = await world.runOnce();
    expect(await run(runId)).toMatchObject({ state: 'partly', heldRemovals: 20, done: 1 });
    expect(await changesOf(runId, { status: 'held' })).toHaveLength(20);
    expect((await everybody()).filter(({ enabled }) => enabled)).toHaveLength(41);
  });

  test('counts what earlier runs removed in the last 24 hours', async () => {
    world.directory.people = peopleFrom(1, 40);
    await world.runOnce();
    world.directory.people = peopleFrom(1, 34);
    await world.runOnce();
    world.directory.people = peopleFrom(1, 30);
    expect((await run(await world.runOnce())).heldRemovals).toBe(4);
    world.now.value = new Date(world.now.value.getTime() + 25 * 60 * 60_000);
    expect((await run(await world.runOnce())).heldRemovals).toBe(0);
  });
});

describe('a listing that cannot be believed', () => {
  test('without a single person fails the run and changes nobody', async () => {
    await world.runOnce();
    world.directory.people = [];
    const key = await start();
    await world.userSync.readDirectory(key, world.control);
    await expect(world.userSync.makePlan(key, world.control)).rejects.toMatchObject({ code: 'SYNC_LISTING_EMPTY' });
    expect((await everybody()).every(({ enabled }) => enabled)).toBe(true);
  });

  test('that did not finish is never planned on', async () => {
    await world.runOnce();
    world.directory.faults = [undefined, new AppError('GOOGLE_FORBIDDEN', 'no')];
    const key = await start();
    await expect(world.userSync.readDirectory(key, world.control)).rejects.toMatchObject({ code: 'GOOGLE_FORBIDDEN' });
    await expect(world.userSync.makePlan(key, world.control)).rejects.toMatchObject({ code: 'SYNC_LISTING_EMPTY' });
    expect((await everybody()).every(({ enabled }) => enabled)).toBe(true);
  });
});

describe('reading', () => {
  test('goes on behind the last stored page after a failure', async () => {
    world.directory.faults = [
      undefined,
      undefined,
      new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 1234 }),
    ];
    const key = await start();
    const progress = await world.userSync.readDirectory(key, world.control);
    expect(progress).toEqual({ outcome: 'throttled', retryAfterMs: 1234 });
    expect((await run(key.runId)).pagesRead).toBe(2);
    await world.userSync.readDirectory(key, stepControl({ attempt: 2 }));
    expect(world.directory.asked).toEqual([undefined, '5', '10', '10']);
    expect(await run(key.runId)).toMatchObject({ listingComplete: true, usersRead: 12, resumed: 1 });
  });

  test.each(['GOOGLE_DAILY_LIMIT_REACHED', 'GOOGLE_UNAVAILABLE'] as const)(
    'waits the hours that Google asks for with %s before the first page, and says until when',
    async (code) => {
      const retryAfterMs = 9 * 60 * 60_000;
      world.directory.faults = [new AppError(code, 'later', { retryAfterMs })];
      const key = await start();
      expect(await world.userSync.readDirectory(key, world.control)).toEqual({ outcome: 'throttled', retryAfterMs });
      const waitingUntil = new Date(world.now.value.getTime() + retryAfterMs);
      expect(await run(key.runId)).toMatchObject({ state: 'reading', waitingCode: code, waitingUntil });
      expect(await world.userSync.readDirectory(key, world.control)).toEqual({ outcome: 'complete' });
    },
  );

  test('fails as the directory failed when nothing was stored, so that the wait grows', async () => {
    world.directory.faults = [new AppError('GOOGLE_UNAVAILABLE', 'away')];
    await expect(world.userSync.readDirectory(await start(), world.control)).rejects.toMatchObject({
      code: 'GOOGLE_UNAVAILABLE',
    });
  });

  test('refreshes a refused token once', async () => {
    const forgotten: string[] = [];
    world.access.forgetAccessToken = async (_, token) => {
      forgotten.push(token);
    };
    world.directory.faults = [undefined, new AppError('GOOGLE_TOKEN_REJECTED', 'no')];
    expect((await world.userSync.readDirectory(await start(), world.control)).outcome).toBe('complete');
    expect(forgotten).toEqual(['access-token']);
  });

  test('begins again when Google forgot the page token, and gives up after five listings', async () => {
    const forgotten = () => new AppError('GOOGLE_PAGE_TOKEN_REJECTED', 'stale');
    const key = await start();
    world.directory.faults = [undefined, forgotten()];
    expect((await world.userSync.readDirectory(key, world.control)).outcome).toBe('more');
    expect((await run(key.runId)).pagesRead).toBe(0);
    for (let listing = 2; listing <= 4; listing++) {
      world.directory.faults = [undefined, forgotten()];
      await world.userSync.readDirectory(key, world.control);
    }
    world.directory.faults = [undefined, forgotten()];
    await expect(world.userSync.readDirectory(key, world.control)).rejects.toMatchObject({
      code: 'SYNC_LISTING_UNSTABLE',
    });
  });

  test('begins again when the listing has become too old for Google', async () => {
    world.directory.faults = [undefined, new AppError('GOOGLE_UNAVAILABLE', 'away')];
    const key = await start();
    await world.userSync.readDirectory(key, world.control);
    world.now.value = new Date(world.now.value.getTime() + 56 * 60_000);
    await world.userSync.readDirectory(key, world.control);
    expect(world.directory.asked).toEqual([undefined, '5', undefined, '5', '10']);
    expect((await run(key.runId)).usersRead).toBe(12);
  });

  test('by two readers at once stores each page once', async () => {
    const key = await start();
    await Promise.all([
      world.userSync.readDirectory(key, world.control),
      world.userSync.readDirectory(key, world.control),
    ]);
    expect(await run(key.runId)).toMatchObject({ listingComplete: true, pagesRead: 3, usersRead: 12 });
  });

  test('of a run that has ended stops', async () => {
    const key = await start();
    await world.userSync.finishRun({ ...key, stop: { kind: 'cancelled' } });
    await expect(world.userSync.readDirectory(key, world.control)).rejects.toMatchObject({
      code: 'SYNC_RUN_SUPERSEDED',
    });
  });
});

describe('every step done twice changes nothing', () => {
  test('reading, planning, applying and finishing', async () => {
    const key = await start();
    await world.userSync.readDirectory(key, world.control);
    await world.userSync.readDirectory(key, world.control);
    await world.userSync.makePlan(key, world.control);
    const plan = await changesOf(key.runId);
    await world.userSync.makePlan(key, world.control);
    expect(await changesOf(key.runId)).toEqual(plan);
    await world.userSync.applyPlan(key, world.control);
    const people = await everybody();
    await world.userSync.applyPlan(key, world.control);
    expect(await everybody()).toEqual(people);
    await world.userSync.finishRun(key);
    const finished = await run(key.runId);
    await world.userSync.finishRun({ ...key, stop: { kind: 'failed', code: 'X', message: 'late' } });
    expect(await run(key.runId)).toEqual(finished);
  });

  test('two appliers at once make each person once', async () => {
    const key = await start();
    await world.userSync.readDirectory(key, world.control);
    await world.userSync.makePlan(key, world.control);
    await Promise.allSettled([
      world.userSync.applyPlan(key, world.control),
      world.userSync.applyPlan(key, world.control),
    ]);
    await world.userSync.applyPlan(key, world.control);
    expect(await everybody()).toHaveLength(12);
    expect((await changesOf(key.runId, { status: 'done' })).length).toBe(12);
    expect(await world.userSync.runs.find(world.tenantId, key.runId)).toMatchObject({ done: 12, failed: 0 });
  });
});

describe('a preview', () => {
  test('changes nobody, and the run that applies it does exactly its rows', async () => {
    const preview = await world.runOnce({ dryRun: true });
    expect(await everybody()).toEqual([]);
    const planned = await changesOf(preview);
    expect(planned).toHaveLength(12);
    world.directory.people.push(person(50));
    await world.runOnce({ applyPlanOf: preview });
    const people = await everybody();
    expect(people.map(({ id }) => id).toSorted()).toEqual(
      planned.map(({ extensionUserId }) => extensionUserId).toSorted(),
    );
  });

  test('that went stale in one row becomes a conflict in that row only', async () => {
    const preview = await world.runOnce({ dryRun: true });
    await world.people.create({ tenantId: world.tenantId, displayName: 'Fast', extensionNumber: 1004 });
    const applied = await world.runOnce({ applyPlanOf: preview });
    expect(await changesOf(applied, { action: 'conflict' })).toMatchObject([
      { reason: 'stale-preview', status: 'done' },
    ]);
    expect(await run(applied)).toMatchObject({ state: 'partly', failed: 0 });
    expect((await everybody()).filter(({ googleId }) => googleId)).toHaveLength(11);
  });

  test('applied after a sync makes nobody twice', async () => {
    const preview = await world.runOnce({ dryRun: true });
    await world.runOnce();
    await world.runOnce({ applyPlanOf: preview });
    expect(await everybody()).toHaveLength(12);
  });
});

describe('extension numbers', () => {
  test('that run out leave the rest waiting, visible, and the run goes on', async () => {
    await world.userSync.settings.save({
      tenantId: world.tenantId,
      change: { extensionNumbers: { start: 553, end: 558, quarantineDays: 90 } },
    });
    const runId = await world.runOnce();
    expect((await everybody()).map(({ extensionNumber }) => extensionNumber)).toEqual([
      '553',
      '554',
      '556',
      '557',
      '558',
    ]);
    expect(await changesOf(runId, { action: 'waiting-for-number' })).toHaveLength(7);
    expect(await run(runId)).toMatchObject({ state: 'partly', counts: { create: 5, 'waiting-for-number': 7 } });
    await world.userSync.settings.save({
      tenantId: world.tenantId,
      change: { extensionNumbers: { start: 553, end: 600, quarantineDays: 90 } },
    });
    await world.runOnce();
    expect(await everybody()).toHaveLength(12);
  });
});

describe('a person whose address an extension has already', () => {
  test('is linked to it, whatever the case, and keeps its number', async () => {
    const hand = await world.people.create({
      tenantId: world.tenantId,
      displayName: 'P3',
      email: 'PERSON3@Acme.Example',
      extensionNumber: 2222,
    });
    const runId = await world.runOnce();
    expect(await changesOf(runId, { action: 'link' })).toMatchObject([{ reason: 'same-email', status: 'done' }]);
    expect(await world.people.get(world.tenantId, hand.id)).toMatchObject({
      extensionNumber: '2222',
      displayName: 'Person No 3',
      googleId: '100000003',
      boundBy: 'linked',
    });
  });

  test('is a conflict and not a guess when two extensions have it in different case', async () => {
    for (const [extensionNumber, email] of [
      [2222, 'Person3@acme.example'],
      [2223, 'person3@ACME.example'],
    ] as const) {
      await world.people.create({ tenantId: world.tenantId, displayName: 'P', email, extensionNumber });
    }
    const runId = await world.runOnce();
    expect(await changesOf(runId, { action: 'conflict' })).toMatchObject([{ reason: 'several-extensions-with-email' }]);
    expect((await everybody()).filter(({ googleId }) => googleId)).toHaveLength(11);
  });
});

describe('asking for a run', () => {
  test('while one is active joins it', async () => {
    const first = await world.userSync.runs.request({ tenantId: world.tenantId, requestedBy: null, trigger: 'manual' });
    const asked = await Promise.all(
      Array.from({ length: 5 }, () =>
        world.userSync.runs.request({ tenantId: world.tenantId, requestedBy: null, trigger: 'manual' }),
      ),
    );
    expect(asked).toEqual(Array.from({ length: 5 }, () => ({ runId: first.runId, joined: true })));
  });

  test('before a mode was chosen says what to do', async () => {
    const { settings: _, ...request } = { settings: 0, requestedBy: null, trigger: 'manual' as const };
    const tenantId = await world.newTenant();
    await world.orm.em
      .fork()
      .getKysely()
      .deleteFrom('sync_settings' as never)
      .execute();
    await expect(world.userSync.runs.request({ ...request, tenantId })).rejects.toMatchObject({
      code: 'SYNC_NOT_CONFIGURED',
    });
  });

  test('that could not be handed over is handed over later', async () => {
    const handedOver: string[] = [];
    world.starter.requestRun = () => Promise.reject(new Error('Temporal is away'));
    const { runId } = await world.userSync.runs.request({
      tenantId: world.tenantId,
      requestedBy: null,
      trigger: 'manual',
    });
    world.starter.requestRun = async (request) => {
      handedOver.push(request.runId);
    };
    world.now.value = new Date(world.now.value.getTime() + 60_000);
    await world.userSync.runs.startForgotten();
    expect(handedOver).toEqual([runId]);
  });
});

describe('cancelling a run', () => {
  test('while Temporal is away is accepted, and the run stops at its next checkpoint', async () => {
    world.starter.cancelRun = () => Promise.reject(new Error('Temporal is away'));
    const key = await start();
    await world.userSync.runs.cancel(key.tenantId, key.runId);
    await expect(world.userSync.readDirectory(key, world.control)).rejects.toMatchObject({
      code: 'SYNC_RUN_CANCELLED',
    });
    expect(world.directory.asked).toEqual([]);
  });
});

describe('the sync mode', () => {
  test('cannot be changed once it was chosen', async () => {
    await expect(
      world.userSync.settings.save({ tenantId: world.tenantId, change: { mode: 'automatic' } }),
    ).rejects.toMatchObject({ code: 'SYNC_MODE_LOCKED' });
  });
});

describe('one tenant', () => {
  test('never sees or touches another one’s people, runs or numbers', async () => {
    const other = await world.newTenant();
    const runId = await world.runOnce();
    await world.runOnce({ tenantId: other });
    expect(await world.people.list({ tenantId: other, limit: 500 })).toHaveLength(12);
    expect(await everybody()).toHaveLength(12);
    await expect(world.userSync.runs.find(other, runId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(world.userSync.runs.listChanges({ tenantId: other, runId, limit: 1 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
