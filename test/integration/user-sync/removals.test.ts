import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SyncSettings } from '../../../src/user-sync/index.ts';
import { peopleFrom, person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

const DAY_MS = 24 * 60 * 60_000;

let world: SyncWorld;
beforeEach(async () => {
  world = await createSyncWorld();
});
afterEach(() => world.close());

const everybody = () => world.people.list({ tenantId: world.tenantId, limit: 500 });
const changesOf = (runId: string, filter = {}) =>
  world.userSync.runs.listChanges({ tenantId: world.tenantId, runId, limit: 500, ...filter });
const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const save = (change: Partial<SyncSettings>) => world.userSync.settings.save({ tenantId: world.tenantId, change });
const passDays = (days: number) => {
  world.now.value = new Date(world.now.value.getTime() + days * DAY_MS);
};
const numberOf = async (googleId: string) =>
  (await everybody()).find((person) => person.googleId === googleId)?.extensionNumber;

describe('leavers whose extensions are deleted after 30 days', () => {
  const leavers = {
    suspended: { deleteAfterDays: 30 },
    archived: 'disable',
    deleted: { deleteAfterDays: 30 },
    outOfScope: 'keep',
  } as const;

  const leave = async () => {
    await save({ leavers });
    await world.runOnce();
    world.directory.people = [person(1, { suspended: true }), ...peopleFrom(3, 10)];
    await world.runOnce();
  };

  test('are disabled at once, and deleted by the first run after that time', async () => {
    await leave();
    expect((await everybody()).filter(({ enabled }) => !enabled)).toHaveLength(2);
    passDays(29);
    expect(await changesOf(await world.runOnce())).toEqual([]);
    passDays(1);
    expect(await changesOf(await world.runOnce())).toMatchObject([
      { action: 'delete', status: 'done', reason: 'away-too-long', extensionNumber: 1000 },
      { action: 'delete', status: 'done', reason: 'away-too-long', extensionNumber: 1001 },
    ]);
    expect(await everybody()).toHaveLength(10);
    expect((await changesOf(await world.runOnce())).map(({ action }) => action)).toEqual(['skip']);
  });

  test('leave numbers that nobody else gets in quarantine, and that wait for their return', async () => {
    await leave();
    passDays(30);
    await world.runOnce();
    world.directory.people.push(person(99), person(100));
    await world.runOnce();
    expect(await numberOf('100000099')).toBe('1012');

    world.directory.people.push(person(2));
    const [back] = await changesOf(await world.runOnce(), { action: 'create' });
    expect(back).toMatchObject({ reason: 'came-back', extensionNumber: 1001, googleId: '100000002' });
    expect(await numberOf('100000002')).toBe('1001');
  });

  test('leave numbers to others once the quarantine is over', async () => {
    await save({ extensionNumbers: { start: null, end: null, quarantineDays: 10 } });
    await leave();
    passDays(30);
    await world.runOnce();
    passDays(11);
    world.directory.people.push(person(99));
    await world.runOnce();
    expect(await numberOf('100000099')).toBe('1000');
    world.directory.people[0] = person(1);
    await world.runOnce();
    expect(await numberOf('100000001')).toBe('1001');
  });

  test('are not deleted when they came back in between, however short', async () => {
    await leave();
    passDays(20);
    world.directory.people.push(person(2));
    await world.runOnce();
    world.directory.people.pop();
    await world.runOnce();
    passDays(15);
    expect((await changesOf(await world.runOnce(), { action: 'delete' })).map(({ googleId }) => googleId)).toEqual([
      '100000001',
    ]);
  });

  test('are not deleted by a run whose row was settled before: doing it again changes nothing', async () => {
    await leave();
    passDays(30);
    const runId = await world.runOnce();
    const before = await everybody();
    await world.userSync.applyPlan({ tenantId: world.tenantId, runId }, world.control).catch(() => undefined);
    expect(await everybody()).toEqual(before);
  });
});

describe('a licence that allows few users', () => {
  test('leaves the rest waiting, and they are tried again', async () => {
    await world.limitUsers(5);
    const runId = await world.runOnce();
    expect(await run(runId)).toMatchObject({ state: 'partly', counts: { create: 5, 'waiting-for-number': 7 } });
    expect(await changesOf(runId, { action: 'waiting-for-number' })).toMatchObject(
      Array(7).fill({ reason: 'licence-used-up', status: 'held' }),
    );
    await world.limitUsers(12);
    expect(await run(await world.runOnce())).toMatchObject({ state: 'succeeded', counts: { create: 7 } });
  });

  test('is never exceeded, even when somebody else takes places between plan and apply', async () => {
    await world.limitUsers(12);
    const { runId } = await world.userSync.runs.request({
      tenantId: world.tenantId,
      requestedBy: null,
      trigger: 'manual',
    });
    const key = { tenantId: world.tenantId, runId };
    while ((await world.userSync.readDirectory(key, world.control)).outcome !== 'complete');
    await world.userSync.makePlan(key, world.control);
    await world.limitUsers(9);
    while ((await world.userSync.applyPlan(key, world.control)).outcome !== 'complete');
    await world.userSync.finishRun(key);
    expect(await everybody()).toHaveLength(9);
    expect(await changesOf(runId, { status: 'failed' })).toMatchObject(
      Array(3).fill({ errorCode: 'PBX_LICENCE_USED_UP' }),
    );
  });
});

describe('removals that are too many', () => {
  const pending = () => world.userSync.approvals.list({ tenantId: world.tenantId, limit: 10, state: 'pending' });
  const only = async () => {
    const [approval, ...others] = await pending();
    expect(others).toEqual([]);
    if (!approval) throw new Error('nothing waits');
    return approval;
  };
  const decide = async (decision: 'approve' | 'reject', id: string) =>
    world.userSync.approvals[decision]({
      tenantId: world.tenantId,
      id,
      decidedBy: 'Ada',
      alongside: () => undefined,
    });
  const apply = async (approvalId: string) => {
    const key = { tenantId: world.tenantId, approvalId };
    while ((await world.userSync.applyRemovals(key, world.control)).outcome === 'more');
  };
  const approve = async (id: string) => {
    await decide('approve', id);
    await apply(id);
    return world.userSync.approvals.find(world.tenantId, id);
  };

  const halfLeaves = async () => {
    world.directory.people = peopleFrom(1, 40);
    await world.runOnce();
    world.directory.people = peopleFrom(1, 20);
    await world.runOnce();
    return only();
  };
  const enabled = async () => (await everybody()).filter((person) => person.enabled);

  test('wait for an administrator while three later runs create and update', async () => {
    await halfLeaves();
    for (const id of [91, 92, 93]) {
      world.directory.people.push(person(id));
      world.directory.people[0] = person(1, { name: { fullName: `Name ${id}` } });
      expect(await run(await world.runOnce())).toMatchObject({ counts: { create: 1, update: 1 }, heldRemovals: 20 });
    }
    expect(await enabled()).toHaveLength(43);
    expect(await only()).toMatchObject({ removals: 20, reason: 'too-many' });
  });

  test('are carried out once approved, and only those', async () => {
    const { id, runId } = await halfLeaves();
    expect(await approve(id)).toMatchObject({ state: 'applied', done: 20, failed: 0, stale: 0, decidedBy: 'Ada' });
    expect(await enabled()).toHaveLength(20);
    expect(await changesOf(runId, { action: 'disable', status: 'done' })).toHaveLength(20);
    await apply(id);
    expect(await world.userSync.approvals.find(world.tenantId, id)).toMatchObject({ done: 20 });
    expect(await changesOf(await world.runOnce())).toEqual([]);
  });

  test('are looked at again first: whoever is back, was unbound or edited is judged as of now', async () => {
    const { id } = await halfLeaves();
    world.directory.people.push(person(21), person(22, { suspended: true }));
    const runId = await world.runOnce();
    expect(await run(runId)).toMatchObject({ heldRemovals: 19 });
    const newer = await only();
    expect(newer.id).not.toBe(id);
    world.directory.people.push(person(23));
    await world.runOnce({ dryRun: true });
    expect(await approve(newer.id)).toMatchObject({ state: 'applied', done: 18, stale: 1 });
    expect((await enabled()).map(({ googleId }) => googleId)).toEqual(
      expect.arrayContaining(['100000021', '100000023']),
    );
    expect(await enabled()).toHaveLength(22);
  });

  test('are replaced by a later run that read everybody, and by no other', async () => {
    const { id } = await halfLeaves();
    await world.runOnce({ dryRun: true });
    expect((await only()).id).toBe(id);
    world.directory.people = peopleFrom(1, 40);
    await world.runOnce();
    expect(await pending()).toEqual([]);
    await expect(decide('approve', id)).rejects.toMatchObject({ code: 'APPROVAL_DECIDED' });
    expect(await world.userSync.approvals.find(world.tenantId, id)).toMatchObject({ state: 'replaced' });
    expect(await enabled()).toHaveLength(40);
  });

  test('keep the people when rejected, ask no second time, and do not stand in the way of others', async () => {
    const { id } = await halfLeaves();
    await decide('reject', id);
    const runId = await world.runOnce();
    expect(await run(runId)).toMatchObject({ heldRemovals: 0, counts: { skip: 20 } });
    expect(await changesOf(runId)).toMatchObject(Array(20).fill({ reason: 'kept-by-decision' }));
    expect(await pending()).toEqual([]);

    world.directory.people.pop();
    await world.runOnce();
    expect(await enabled()).toHaveLength(39);
  });

  test('are asked about again when somebody was back in between and left once more', async () => {
    const { id } = await halfLeaves();
    await decide('reject', id);
    world.directory.people = peopleFrom(1, 40);
    await world.runOnce();
    world.directory.people = peopleFrom(1, 20);
    await world.runOnce();
    expect(await only()).toMatchObject({ removals: 20 });
  });

  test('may be approved after all', async () => {
    const { id } = await halfLeaves();
    await decide('reject', id);
    expect(await approve(id)).toMatchObject({ state: 'applied', done: 20 });
    expect(await enabled()).toHaveLength(20);
  });

  test('do not count against what leaves later, once approved', async () => {
    const { id } = await halfLeaves();
    await approve(id);
    world.directory.people.pop();
    expect(await run(await world.runOnce())).toMatchObject({ heldRemovals: 0, counts: { disable: 1 } });
  });

  test('wait no longer after a reset, and nothing is told of the people of before', async () => {
    const { id } = await halfLeaves();
    await world.orm.em.fork().transactional((em) => world.userSync.connectedData.drop(em, world.tenantId));
    expect(await pending()).toEqual([]);
    await expect(decide('approve', id)).rejects.toMatchObject({ code: 'APPROVAL_DECIDED' });
    expect(await enabled()).toHaveLength(40);
  });

  test('of another tenant do not exist', async () => {
    const { id } = await halfLeaves();
    const other = await world.newTenant();
    await expect(world.userSync.approvals.find(other, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      world.userSync.approvals.approve({ tenantId: other, id, decidedBy: 'Eve', alongside: () => undefined }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await world.userSync.applyRemovals({ tenantId: other, approvalId: id }, world.control);
    expect(await enabled()).toHaveLength(40);
  });
});

test('an extension that was deleted by hand leaves its number to its person, whom the next sync gives it back', async () => {
  await world.runOnce();
  const deleted = (await everybody()).find(({ googleId }) => googleId === '100000003');
  await world.people.remove(deleted?.id ?? '');
  world.directory.people.unshift(person(0));
  const made = await changesOf(await world.runOnce(), { action: 'create' });
  expect(made.map(({ googleId, reason }) => [googleId, reason])).toEqual([
    ['100000000', 'new-person'],
    ['100000003', 'came-back'],
  ]);
  expect(await numberOf('100000003')).toBe(deleted?.extensionNumber);
});
