import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createUserSyncActivities } from '../../src/activities/user-sync.ts';
import { authorizationRenewedSignal, userSyncWorkflowId } from '../../src/contracts/index.ts';
import { AppError } from '../../src/errors.ts';
import { createRunStarter } from '../../src/temporal/run-starter.ts';
import { peopleFrom } from '../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

let world: SyncWorld;
let temporal: TemporalWorld;

beforeEach(async () => {
  world = await createSyncWorld({ pageSize: 10 });
  temporal = createTemporalWorld();
  const starter = createRunStarter(temporal.client, temporal.queues);
  world.starter.requestRun = (run) => starter.requestRun(run);
  world.starter.cancelRun = (run) => starter.cancelRun(run);
});
afterEach(async () => {
  await temporal.close();
  await world.close();
});

const work = () => temporal.start(createUserSyncActivities(world.userSync));
const request = (change = {}) =>
  world.userSync.runs.request({ tenantId: world.tenantId, requestedBy: null, trigger: 'manual', ...change });
const workflow = () => temporal.client.workflow.getHandle(userSyncWorkflowId(world.tenantId));
const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const people = () => world.people.list({ tenantId: world.tenantId, limit: 500 });

/** Resolves when the run is in the state; the database is asked because that is what users see. */
const reaches = async (runId: string, state: string) => {
  for (const endsAt = Date.now() + 20_000; Date.now() < endsAt; ) {
    if ((await run(runId)).state === state) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The run is ${(await run(runId)).state}, not ${state}.`);
};

describe('a run', () => {
  test('ends with everybody in the PBX, and its history holds no person', async () => {
    await work();
    const { runId } = await request();
    await workflow().result();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', done: 12, resumed: 0 });
    expect(await people()).toHaveLength(12);
    expect(temporal.unexpected).toEqual([]);
    const history = JSON.stringify(await workflow().fetchHistory());
    expect(history).not.toContain('acme.example');
    expect(history).not.toContain(Buffer.from('acme.example').toString('base64').slice(1, -4));
  });

  test('asked for twice is one run', async () => {
    const [a, b] = await Promise.all([request(), request()]);
    expect(a.runId).toBe(b.runId);
    await work();
    await workflow().result();
    expect(await people()).toHaveLength(12);
    expect(await world.userSync.runs.list({ tenantId: world.tenantId, limit: 10 })).toHaveLength(1);
  });

  test('asked for again when the last one just ended is taken up, by the same workflow or the next', async () => {
    await work();
    for (let i = 0; i < 5; i++) {
      const { runId } = await request();
      await reaches(runId, 'succeeded');
    }
    expect(await world.userSync.runs.list({ tenantId: world.tenantId, limit: 10 })).toHaveLength(5);
  });

  test('waits as long as Google asks and goes on', async () => {
    world.directory.faults = [undefined, new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 200 })];
    await work();
    const { runId } = await request();
    await workflow().result();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', usersRead: 12 });
  });

  test('that Google refuses for good fails with the reason, and changes nobody', async () => {
    world.directory.faults = [new AppError('GOOGLE_FORBIDDEN', 'Give the person the role.')];
    await work();
    const { runId } = await request();
    await workflow().result();
    expect(await run(runId)).toMatchObject({
      state: 'failed',
      problemCode: 'GOOGLE_FORBIDDEN',
      problemMessage: 'Give the person the role.',
    });
    expect(await people()).toEqual([]);
  });

  test('whose grant ended waits, and reads anew once somebody authorized again', async () => {
    world.directory.faults = [undefined, new AppError('GRANT_REVOKED', 'gone')];
    await work();
    const { runId } = await request();
    await reaches(runId, 'waiting-for-authorization');
    await workflow().signal(authorizationRenewedSignal);
    await workflow().result();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', usersRead: 12 });
    expect(world.directory.asked).toEqual([undefined, '10', undefined, '10']);
  });

  test('can be cancelled while it waits, and what it did stays', async () => {
    world.directory.faults = [new AppError('GRANT_REVOKED', 'gone')];
    await work();
    const { runId } = await request();
    await reaches(runId, 'waiting-for-authorization');
    await world.userSync.runs.cancel(world.tenantId, runId);
    await workflow().result();
    expect((await run(runId)).state).toBe('cancelled');
  });

  test('cancelled before any worker took it up changes nobody', async () => {
    const { runId } = await request();
    await world.userSync.runs.cancel(world.tenantId, runId);
    await work();
    await workflow().result();
    expect((await run(runId)).state).toBe('cancelled');
    expect(await people()).toEqual([]);
  });

  test('cancelled in mid reading, with the signal lost, ends as cancelled and not as failed', async () => {
    world.directory.people = peopleFrom(1, 60);
    world.starter.cancelRun = () => Promise.reject(new Error('Temporal is away'));
    world.directory.beforeAnswer = async () => {
      if (world.directory.asked.length !== 3) return;
      const [run] = await world.userSync.runs.list({ tenantId: world.tenantId, limit: 1 });
      await world.userSync.runs.cancel(world.tenantId, run?.id ?? '');
    };
    await work();
    const { runId } = await request();
    await workflow().result();
    expect(await run(runId)).toMatchObject({ state: 'cancelled', problemCode: null });
    expect(await people()).toEqual([]);
  });

  test('goes on with another worker when its own stops in mid reading', async () => {
    world.directory.people = peopleFrom(1, 60);
    let reached = () => {};
    const inMidReading = new Promise<void>((resolve) => {
      reached = resolve;
    });
    world.directory.beforeAnswer = async () => {
      if (world.directory.asked.length === 3) reached();
    };
    const first = await work();
    const { runId } = await request();
    await inMidReading;
    await first.stop();
    await work();
    await workflow().result();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', done: 60, usersRead: 60 });
    expect(await people()).toHaveLength(60);
  });

  test('whose workflow was terminated by hand goes on when it is asked for again', async () => {
    world.directory.faults = [new AppError('GRANT_REVOKED', 'gone')];
    await work();
    const { runId } = await request();
    await reaches(runId, 'waiting-for-authorization');
    await workflow().terminate('by hand');
    expect(await request()).toEqual({ runId, joined: true });
    await reaches(runId, 'succeeded');
    expect(await people()).toHaveLength(12);
  });

  test('whose workflow was terminated by hand can still be cancelled', async () => {
    world.directory.faults = [new AppError('GRANT_REVOKED', 'gone')];
    await work();
    const { runId } = await request();
    await reaches(runId, 'waiting-for-authorization');
    await workflow().terminate('by hand');
    await world.userSync.runs.cancel(world.tenantId, runId);
    await reaches(runId, 'cancelled');
  });

  test('for a few people waits behind the full one, collects, and reads them alone', async () => {
    world.directory.people = peopleFrom(1, 60);
    const asked = (id: number, trigger: 'push' | 'one-user' = 'push') =>
      world.userSync.runs.requestPeople({
        ...{ tenantId: world.tenantId, keys: [String(100_000_000 + id)], trigger, requestedBy: null },
      });
    let partial: { runId: string; joined: boolean }[] = [];
    world.directory.beforeAnswer = async () => {
      if (world.directory.asked.length === 3) partial = [await asked(1), await asked(2), await asked(3, 'one-user')];
    };
    await work();
    const { runId } = await request();
    await workflow().result();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', usersRead: 60 });
    expect(partial.map(({ joined }) => joined)).toEqual([false, true, true]);
    expect(await run(partial[0]?.runId ?? '')).toMatchObject({ state: 'succeeded', usersRead: 3, counts: { skip: 3 } });
  });

  test('for a few people fails when the grant ended, and does not keep full runs waiting', async () => {
    world.directory.faults = [new AppError('GRANT_REVOKED', 'gone')];
    await work();
    const { runId } = await world.userSync.runs.requestPeople({
      ...{ tenantId: world.tenantId, keys: ['100000001'], trigger: 'one-user', requestedBy: null },
    });
    await reaches(runId, 'failed');
    await reaches((await request()).runId, 'succeeded');
  });

  test('of a preview stops after the plan', async () => {
    await work();
    const { runId } = await request({ dryRun: true });
    await workflow().result();
    expect(await run(runId)).toMatchObject({ state: 'succeeded', total: 12, done: 0 });
    expect(await people()).toEqual([]);
  });
});
