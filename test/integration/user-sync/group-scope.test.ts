import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { AppError } from '../../../src/errors.ts';
import { DEFAULT_SETTINGS, type SyncScope } from '../../../src/user-sync/index.ts';
import { peopleFrom, person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld, stepControl } from '../../support/sync-world.ts';

const SALES = 'sales@acme.example';
const SUPPORT = 'support@acme.example';
const idsOf = (first: number, count: number) => peopleFrom(first, count).map(({ id }) => id);

let world: SyncWorld;
beforeEach(async () => {
  world = await createSyncWorld();
  world.groups.members = { [SALES]: idsOf(1, 5), [SUPPORT]: [...idsOf(5, 2), '999999'] };
});
afterEach(() => world.close());

const setScope = (scope: Partial<SyncScope>) =>
  world.userSync.settings.save({
    tenantId: world.tenantId,
    change: { scope: { ...DEFAULT_SETTINGS.scope, ...scope } },
  });
const bound = async () =>
  (await world.people.list({ tenantId: world.tenantId, limit: 500 }))
    .filter(({ enabled }) => enabled)
    .map(({ googleId }) => googleId);
const changesOf = (runId: string) => world.userSync.runs.listChanges({ tenantId: world.tenantId, runId, limit: 500 });
const memberPages = async () => {
  const { rows } = await sql<{ run_id: string; google_ids: string[] }>`
    select run_id, google_ids from group_member_pages where tenant_id = ${world.tenantId}
    order by group_no, page`.execute(world.orm.em.fork().getKysely());
  return rows;
};
const start = async () => {
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

describe('a scope with groups', () => {
  test('takes in the members of any of them, once, and nobody whom the listing lacks', async () => {
    await setScope({ groups: [SALES, SUPPORT.toUpperCase(), SALES] });
    world.groups.members[SUPPORT.toUpperCase()] = world.groups.members[SUPPORT] ?? [];
    await world.runOnce();
    expect(await bound()).toEqual(idsOf(1, 6));
  });

  test('takes in everybody when a group holds the whole company', async () => {
    world.groups.members[SALES] = 'everyone';
    await setScope({ groups: [SALES] });
    await world.runOnce();
    expect(await bound()).toHaveLength(12);
  });

  test('is narrowed by the other lists as well', async () => {
    world.directory.people[1] = person(2, { orgUnitPath: '/Sales' });
    await setScope({ type: 'except', users: [person(4).id], groups: [SALES], orgUnits: ['/'] });
    await world.runOnce();
    expect(await bound()).toEqual([...idsOf(1, 3), ...idsOf(5, 1)]);
  });

  test('follows who joins and who leaves, though nobody’s profile changed', async () => {
    await setScope({ groups: [SALES] });
    await world.runOnce();
    world.groups.members[SALES] = [...idsOf(2, 4), ...idsOf(9, 1)];
    const changes = await changesOf(await world.runOnce());
    expect(
      changes
        .filter(({ action }) => action !== 'skip')
        .map(({ googleId, action, reason }) => [googleId, action, reason]),
    ).toEqual([
      [person(1).id, 'disable', 'out-of-scope'],
      [person(9).id, 'create', 'new-person'],
    ]);
    world.groups.members[SALES] = idsOf(1, 5);
    const back = await changesOf(await world.runOnce());
    expect(back.find(({ googleId }) => googleId === person(1).id)).toMatchObject({ action: 'enable' });
  });

  test('plans nothing when nobody moved, and asks each group anew', async () => {
    await setScope({ groups: [SALES] });
    await world.runOnce();
    world.groups.asked.length = 0;
    const changes = await changesOf(await world.runOnce());
    expect(changes.filter(({ action }) => action !== 'skip')).toEqual([]);
    expect(world.groups.asked).toEqual([
      [SALES, undefined],
      [SALES, '2'],
      [SALES, '4'],
    ]);
  });

  test('asks no group at all when it has none', async () => {
    await world.runOnce();
    expect(world.groups.asked).toEqual([]);
    expect(await memberPages()).toEqual([]);
  });
});

describe('a group that cannot be read', () => {
  beforeEach(async () => {
    await setScope({ groups: [SALES, SUPPORT] });
    await world.runOnce();
  });

  test('because it is gone stops the run with its address, and nobody leaves', async () => {
    delete world.groups.members[SUPPORT];
    const key = await start();
    const reading = read(key);
    await expect(reading).rejects.toMatchObject({
      code: 'GOOGLE_GROUP_NOT_FOUND',
      publicMessage: expect.stringContaining(`The group ${SUPPORT} could not be read, so nobody was changed.`),
    });
    await expect(world.userSync.makePlan(key, world.control)).rejects.toMatchObject({ code: 'SYNC_LISTING_EMPTY' });
    expect(await bound()).toEqual(idsOf(1, 6));
  });

  test('for lack of access parks the run like an ended grant', async () => {
    world.access.getAccessToken = async (_tenantId, need) => {
      if (need !== 'groups') return 'access-token';
      throw new AppError('GOOGLE_SCOPE_MISSING', 'The access is missing.');
    };
    await expect(read(await start())).rejects.toMatchObject({ kind: 'unauthorized' });
    expect(await bound()).toEqual(idsOf(1, 6));
  });

  test('for lack of access refuses a sync by hand before it begins, and lets a scheduled one begin and wait', async () => {
    world.access.requireReady = async (_tenantId, need) => {
      if (need === 'groups') throw new AppError('GOOGLE_SCOPE_MISSING', 'Complete the authorization again.');
    };
    await expect(start()).rejects.toMatchObject({ code: 'GOOGLE_SCOPE_MISSING' });
    const request = { tenantId: world.tenantId, requestedBy: null, trigger: 'schedule' } as const;
    await expect(world.userSync.runs.request(request)).resolves.toMatchObject({ joined: false });
  });

  test('to its end is never taken for a smaller group', async () => {
    const key = await start();
    world.groups.faults = [undefined, new AppError('GOOGLE_UNAVAILABLE', 'Away.')];
    await expect(world.userSync.readDirectory(key, world.control)).resolves.toMatchObject({ outcome: 'throttled' });
    await expect(world.userSync.makePlan(key, world.control)).rejects.toBeInstanceOf(AppError);
    await read(key);
    await world.userSync.makePlan(key, world.control);
    expect((await changesOf(key.runId)).filter(({ action }) => action === 'disable')).toEqual([]);
  });
});

describe('the reading of groups', () => {
  beforeEach(() => setScope({ groups: [SALES, SUPPORT] }));

  test('goes on at the page where it ended, and a page told twice is stored once', async () => {
    const key = await start();
    world.groups.faults = [undefined, undefined, new AppError('GOOGLE_UNAVAILABLE', 'Away.')];
    await world.userSync.readDirectory(key, world.control);
    world.groups.asked.length = 0;
    await Promise.all([1, 2].map(() => world.userSync.readDirectory(key, stepControl({ attempt: 2 }))));
    expect(world.groups.asked[0]).toEqual([SALES, '4']);
    expect((await memberPages()).map(({ google_ids }) => google_ids)).toEqual([
      idsOf(1, 2),
      idsOf(3, 2),
      idsOf(5, 1),
      idsOf(5, 2),
      ['999999'],
    ]);
    await world.userSync.makePlan(key, world.control);
    expect(await changesOf(key.runId)).toHaveLength(12);
  });

  test('begins again, people and all, when Google no longer knows the page', async () => {
    const key = await start();
    world.groups.faults = [undefined, new AppError('GOOGLE_PAGE_TOKEN_REJECTED', 'Gone.')];
    await read(key);
    const run = await world.userSync.runs.find(world.tenantId, key.runId);
    expect(run.listing).toBe(2);
    expect(await memberPages()).toHaveLength(5);
  });

  test('ends a run whose groups were changed meanwhile, before anybody is judged', async () => {
    const key = await start();
    await read(key);
    await setScope({ groups: [SUPPORT] });
    await expect(world.userSync.makePlan(key, world.control)).rejects.toMatchObject({ code: 'SYNC_SCOPE_CHANGED' });
  });

  test('is kept for the three newest complete listings, like the people', async () => {
    const runIds: string[] = [];
    for (let i = 0; i < 5; i++) {
      world.now.value = new Date(world.now.value.getTime() + 60_000);
      runIds.push(await world.runOnce());
    }
    expect(new Set((await memberPages()).map(({ run_id }) => run_id))).toEqual(new Set(runIds.slice(2)));
  });
});

describe('people of a scope', () => {
  test('who are renamed stay when they were chosen by id', async () => {
    await setScope({ type: 'only', users: [person(3).id] });
    await world.runOnce();
    world.directory.people[2] = person(3, { primaryEmail: 'renamed@beta.example' });
    const changes = await changesOf(await world.runOnce());
    expect(changes.filter(({ action }) => action !== 'skip')).toMatchObject([
      { action: 'update', email: 'renamed@beta.example' },
    ]);
  });

  test('who move to another domain leave a scope of the old one, with their number kept', async () => {
    await setScope({ domains: ['ACME.example'] });
    await world.runOnce();
    world.directory.people[2] = person(3, { primaryEmail: 'person3@beta.example' });
    const changes = await changesOf(await world.runOnce());
    expect(changes.filter(({ action }) => action !== 'skip')).toMatchObject([
      { googleId: person(3).id, action: 'disable', reason: 'out-of-scope' },
    ]);
  });

  test('who are deleted and made anew with the same address are another person, and get no extension of the old one', async () => {
    await world.runOnce();
    world.directory.people[2] = { ...person(3), id: '777' };
    const changes = await changesOf(await world.runOnce());
    expect(changes.map(({ googleId, action, reason }) => [googleId, action, reason])).toEqual([
      [person(3).id, 'disable', 'deleted-in-google'],
      ['777', 'conflict', 'extension-bound-to-another'],
    ]);
  });
});
