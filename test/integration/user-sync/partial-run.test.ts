import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { AppError } from '../../../src/errors.ts';
import { addRunPeople, lockCollectingRun } from '../../../src/user-sync/runs/partial-run-queries.ts';
import { peopleFrom, person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

let world: SyncWorld;

beforeEach(async () => {
  world = await createSyncWorld({ pace: { peoplePage: 4, peopleParallel: 2 } });
});
afterEach(() => world.close());

const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const changesOf = (runId: string) => world.userSync.runs.listChanges({ tenantId: world.tenantId, runId, limit: 500 });
const everybody = () => world.people.list({ tenantId: world.tenantId, limit: 500 });
const ask = (...keys: string[]) =>
  world.userSync.runs.requestPeople({ tenantId: world.tenantId, keys, trigger: 'push', requestedBy: null });
const read = (runId: string) => world.userSync.readPeople({ tenantId: world.tenantId, runId }, world.control);

/** Whether a statement on this database waits for a lock. */
const isSomebodyWaiting = async (): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    world.orm.em.fork().getKysely(),
  );
  return rows.length > 0;
};

/** Everybody is synchronized, and then these change at Google. */
const afterAFullRun = async (): Promise<void> => {
  await world.runOnce();
  world.directory.asked.length = 0;
};

describe('a run for a few people', () => {
  test('reads only them, one by one, and brings what changed', async () => {
    await afterAFullRun();
    world.directory.people[2] = person(3, { suspended: true });
    world.directory.people[4] = person(5, { name: { fullName: 'Ada King' } });
    world.directory.people.push(person(50));
    const runId = await world.runPeople('100000003', 'Person5@Acme.example', '100000050', '100000007');
    expect(world.directory.asked).toEqual([]);
    expect(world.directory.askedFor.toSorted()).toEqual([
      '100000003',
      '100000007',
      '100000050',
      'person5@acme.example',
    ]);
    expect(await run(runId)).toMatchObject({ state: 'succeeded', partial: true, usersRead: 4, listingComplete: false });
    expect(
      (await changesOf(runId)).map(({ googleId, action, reason, status }) => [googleId, action, reason, status]),
    ).toEqual([
      ['100000003', 'disable', 'suspended', 'done'],
      ['100000005', 'update', 'details-changed', 'done'],
      ['100000007', 'skip', 'up-to-date', 'done'],
      ['100000050', 'create', 'new-person', 'done'],
    ]);
    expect((await everybody()).filter(({ enabled }) => !enabled).map(({ googleId }) => googleId)).toEqual([
      '100000003',
    ]);
  });

  test('never takes absence for proof: who is not found is left to the full run, in a row of its own', async () => {
    await afterAFullRun();
    world.directory.people.splice(2, 1);
    const runId = await world.runPeople('100000003', 'nobody@acme.example', '100000001');
    expect(await run(runId)).toMatchObject({ state: 'succeeded' });
    expect((await changesOf(runId)).map(({ action, reason, email }) => [action, reason, email]).toSorted()).toEqual([
      ['skip', 'left-to-full-run', 'nobody@acme.example'],
      ['skip', 'left-to-full-run', 'person3@acme.example'],
      ['skip', 'up-to-date', 'person1@acme.example'],
    ]);
    expect((await everybody()).every(({ enabled }) => enabled)).toBe(true);
    await world.runOnce();
    expect((await everybody()).filter(({ enabled }) => !enabled)).toHaveLength(1);
  });

  test('for an address of another company, which Google refuses to tell of, changes nobody', async () => {
    world.directory.faults = [new AppError('GOOGLE_FORBIDDEN', 'no')];
    const [row] = await changesOf(await world.runPeople('eve@elsewhere.example'));
    expect(row).toMatchObject({ action: 'skip', reason: 'left-to-full-run' });
  });

  test('that was not read to its end is never planned on', async () => {
    await afterAFullRun();
    const { runId } = await ask('100000001', '100000002');
    await expect(world.userSync.makePlan({ tenantId: world.tenantId, runId }, world.control)).rejects.toMatchObject({
      code: 'INTERNAL',
    });
    expect(await changesOf(runId)).toEqual([]);
  });

  test('goes on behind what was stored when Google asks to slow down', async () => {
    world.directory.people = peopleFrom(1, 12);
    const { runId } = await ask(...world.directory.people.map(({ id }) => id));
    world.directory.faults = [undefined, undefined, new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 77 })];
    expect(await read(runId)).toEqual({ outcome: 'throttled', retryAfterMs: 77 });
    expect(await read(runId)).toEqual({ outcome: 'complete' });
    const twice = world.directory.askedFor.filter((id, i, all) => all.indexOf(id) !== i);
    expect(twice.length).toBeLessThanOrEqual(1);
    expect(await run(runId)).toMatchObject({ usersRead: 12 });
  });

  test('waits as long as Google asks, before the first person too, and says until when', async () => {
    const { runId } = await ask('100000001');
    const told = { retryAfterMs: 9 * 60 * 60_000 };
    for (const code of ['GOOGLE_DAILY_LIMIT_REACHED', 'GOOGLE_UNAVAILABLE'] as const) {
      world.directory.faults = [new AppError(code, 'later', told)];
      expect(await read(runId)).toEqual({ outcome: 'throttled', ...told });
      const waitingUntil = new Date(world.now.value.getTime() + told.retryAfterMs);
      expect(await run(runId)).toMatchObject({ state: 'reading', waitingCode: code, waitingUntil });
    }
    expect(await read(runId)).toEqual({ outcome: 'complete' });
    expect(await run(runId)).toMatchObject({ waitingCode: null, waitingUntil: null });
  });

  test('leaves an outage whose end nobody tells to the activity, which has its limits', async () => {
    const { runId } = await ask('100000001');
    world.directory.faults = [new AppError('GOOGLE_UNAVAILABLE', 'away')];
    await expect(read(runId)).rejects.toMatchObject({ code: 'GOOGLE_UNAVAILABLE' });
  });

  test('refreshes a refused token once, and fails with Google’s reason when it may not read', async () => {
    world.directory.faults = [new AppError('GOOGLE_TOKEN_REJECTED', 'no')];
    expect(await read((await ask('100000001')).runId)).toEqual({ outcome: 'complete' });
    world.directory.faults = [new AppError('GOOGLE_FORBIDDEN', 'no')];
    await expect(read((await ask('100000002')).runId)).rejects.toMatchObject({ code: 'GOOGLE_FORBIDDEN' });
  });

  test('by two readers at once counts each person once', async () => {
    const { runId } = await ask(...world.directory.people.map(({ id }) => id));
    await Promise.all([read(runId), read(runId)]);
    await read(runId);
    expect(await run(runId)).toMatchObject({ usersRead: 12, pagesRead: 3 });
  });

  test('done twice in every step changes nothing', async () => {
    const { runId } = await ask('100000001', '100000002');
    const key = { tenantId: world.tenantId, runId };
    for (let twice = 0; twice < 2; twice++) await read(runId);
    for (let twice = 0; twice < 2; twice++) await world.userSync.makePlan(key, world.control);
    for (let twice = 0; twice < 2; twice++) await world.userSync.applyPlan(key, world.control);
    for (let twice = 0; twice < 2; twice++) await world.userSync.finishRun(key);
    expect(world.directory.askedFor).toHaveLength(2);
    expect(await everybody()).toHaveLength(2);
    expect(await run(runId)).toMatchObject({ state: 'succeeded', done: 2, failed: 0 });
  });
});

describe('the rules that hold for everybody hold for a few', () => {
  test('an address that another listed person has is a conflict, though that person is not in the run', async () => {
    await world.userSync.settings.save({
      tenantId: world.tenantId,
      change: { scope: { type: 'except', users: ['100000001'], orgUnits: [], groups: [], domains: [] } },
    });
    await afterAFullRun();
    world.directory.people.push(person(60, { primaryEmail: 'PERSON1@acme.example' }));
    const [row] = await changesOf(await world.runPeople('100000060'));
    expect(row).toMatchObject({ action: 'conflict', reason: 'email-used-twice-in-google' });
  });

  test('removals count for the brake together with those of the last 24 hours', async () => {
    world.directory.people = peopleFrom(1, 40);
    await afterAFullRun();
    const suspend = (first: number, last: number) => {
      for (let id = first; id <= last; id++) world.directory.people[id - 1] = person(id, { suspended: true });
      return Array.from({ length: last - first + 1 }, (_, i) => String(100_000_000 + first + i));
    };
    expect(await run(await world.runPeople(...suspend(1, 6)))).toMatchObject({ heldRemovals: 0 });
    expect(await run(await world.runPeople(...suspend(7, 9)))).toMatchObject({ heldRemovals: 3, state: 'partly' });
  });

  test('whoever leaves a scope with groups is left to the full run, whatever the stored membership says', async () => {
    await afterAFullRun();
    await world.userSync.settings.save({
      tenantId: world.tenantId,
      change: {
        scope: { type: 'except', users: ['100000001'], orgUnits: [], groups: ['all@acme.example'], domains: [] },
      },
    });
    const [row] = await changesOf(await world.runPeople('100000001'));
    expect(row).toMatchObject({ action: 'skip', reason: 'left-to-full-run' });
  });
});

describe('asking for people', () => {
  test('again and again, at once, is one run with each of them once', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`10000000${(i % 5) + 1}`)));
    expect(new Set(asked.map(({ runId }) => runId)).size).toBe(1);
    expect(asked.filter(({ joined }) => !joined)).toHaveLength(1);
    await read(asked[0]?.runId ?? '');
    expect(world.directory.askedFor).toHaveLength(5);
  });

  test('while a full run is under way makes a run that waits, and neither joins the other', async () => {
    const full = await world.userSync.runs.request({ tenantId: world.tenantId, requestedBy: null, trigger: 'manual' });
    const { runId } = await ask('100000001');
    expect(runId).not.toBe(full.runId);
    expect((await world.userSync.runs.findActive(world.tenantId))?.id).toBe(full.runId);
    expect(
      await world.userSync.runs.request({ tenantId: world.tenantId, requestedBy: null, trigger: 'manual' }),
    ).toEqual({
      runId: full.runId,
      joined: true,
    });
  });

  test('after the run has begun makes the next one, so that no change is missed', async () => {
    const first = await ask('100000001');
    await read(first.runId);
    const second = await ask('100000001');
    expect(second.runId).not.toBe(first.runId);
    expect(await world.userSync.runs.isPersonWaiting(world.tenantId, '100000001')).toBe(true);
  });

  test('at the moment the run begins: its begin waits for whoever is joining, who is read by it', async () => {
    const { runId } = await ask('100000001');
    let isRead = false;
    let reading: Promise<unknown> = Promise.resolve();
    await world.orm.em.fork().transactional(async (em) => {
      await lockCollectingRun(em, world.tenantId);
      reading = read(runId).then(() => {
        isRead = true;
      });
      for (const endsAt = Date.now() + 10_000; !isRead && Date.now() < endsAt; ) if (await isSomebodyWaiting()) break;
      await addRunPeople(em, world.tenantId, runId, ['100000002'], 10);
    });
    await reading;
    expect(world.directory.askedFor.toSorted()).toEqual(['100000001', '100000002']);
    expect((await ask('100000002')).runId).not.toBe(runId);
  });

  test('is not lost in a run whose end was asked for', async () => {
    const first = await ask('100000001');
    await world.userSync.runs.cancel(world.tenantId, first.runId);
    expect((await ask('100000001')).runId).not.toBe(first.runId);
  });

  test('by an administrator makes the collecting run theirs, which begins at once', async () => {
    const { runId } = await ask('100000001');
    const key = { tenantId: world.tenantId, runId };
    expect((await world.userSync.runs.describe(key)).startsInMs).toBeGreaterThan(0);
    await world.userSync.runs.requestPeople({
      ...{ tenantId: world.tenantId, keys: ['100000002'], trigger: 'one-user', requestedBy: 'Ada' },
    });
    expect(await run(runId)).toMatchObject({ trigger: 'one-user', requestedBy: 'Ada' });
    expect(await world.userSync.runs.describe(key)).toMatchObject({ partial: true, startsInMs: 0 });
  });

  test('before a mode was chosen says what to do', async () => {
    await world.userSync.connectedData.drop(world.orm.em.fork(), world.tenantId);
    await expect(ask('100000001')).rejects.toMatchObject({ code: 'SYNC_NOT_CONFIGURED' });
  });

  test('without a connection to Google says so, and makes no run', async () => {
    world.access.requireReady = () => Promise.reject(new AppError('INTEGRATION_NOT_ACTIVE', 'Connect it first.'));
    await expect(ask('100000001')).rejects.toMatchObject({ code: 'INTEGRATION_NOT_ACTIVE' });
    expect(await world.userSync.runs.list({ tenantId: world.tenantId, limit: 10 })).toEqual([]);
  });

  test('in one tenant never touches another one’s run', async () => {
    const other = await world.newTenant();
    const mine = await ask('100000001');
    const theirs = await world.userSync.runs.requestPeople({
      ...{ tenantId: other, keys: ['100000002'], trigger: 'push', requestedBy: null },
    });
    expect(theirs).toEqual({ runId: expect.not.stringMatching(mine.runId), joined: false });
    await read(mine.runId);
    expect(world.directory.askedFor).toEqual(['100000001']);
  });
});

test('runs for a few people never push a complete listing out, and keep no pages of their own', async () => {
  const full = await world.runOnce();
  for (let i = 1; i <= 5; i++) await world.runPeople(`10000000${i}`);
  const pages = await world.orm.em
    .fork()
    .getKysely()
    .selectFrom('directory_pages' as never)
    .select('run_id' as never)
    .distinct()
    .execute();
  expect(pages).toEqual([{ run_id: full }]);
});
