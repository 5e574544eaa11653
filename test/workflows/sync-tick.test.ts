import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { sql } from 'kysely';
import { createScheduleActivities } from '../../src/activities/schedule.ts';
import { createUserSyncActivities } from '../../src/activities/user-sync.ts';
import { queuePrefix, TENANT_ID_ATTRIBUTE, userSyncScheduleId } from '../../src/contracts/index.ts';
import { SyncTickEntity } from '../../src/db/entities/index.ts';
import { AppError } from '../../src/errors.ts';
import { createRunStarter } from '../../src/temporal/run-starter.ts';
import { createSyncSchedules } from '../../src/temporal/sync-schedules.ts';
import { BOOTSTRAP_ACTOR } from '../../src/tenants/index.ts';
import { createUserSync, type SettingsChange, type SyncRun } from '../../src/user-sync/index.ts';
import { automaticTenant } from '../support/automatic-tenant.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

let world: SyncWorld;
let temporal: TemporalWorld;

beforeEach(async () => {
  world = await createSyncWorld();
  temporal = createTemporalWorld();
  const starter = createRunStarter(temporal.client, temporal.queues);
  world.starter.requestRun = (run) => starter.requestRun(run);
  world.starter.cancelRun = (run) => starter.cancelRun(run);
  world.schedules = createSyncSchedules(temporal.client, temporal.queues, temporal.keys);
});
afterEach(async () => {
  for (const tenantId of (await world.schedules.marks()).keys()) await world.schedules.remove(tenantId);
  await temporal.close();
  await world.close();
});

const work = () =>
  temporal.start({ ...createUserSyncActivities(world.userSync), ...createScheduleActivities(world.userSync) });
const keeping = () => world.userSync.scheduleKeeping;
const scheduleOf = (tenantId = world.tenantId) =>
  temporal.client.schedule.getHandle(`${queuePrefix(temporal.queues)}${userSyncScheduleId(tenantId)}`);
const kysely = () => world.orm.em.fork().getKysely();
const ticks = (tenantId: string) =>
  world.orm.em.fork().find(SyncTickEntity, { tenantId }, { orderBy: { scheduledFor: 'asc' } });
const runs = (tenantId: string) => world.userSync.runs.list({ tenantId, limit: 500 });
const toTimestamp = (time: string) => msToTs(Date.parse(time));

/** Runs that began before the one before them had ended. */
const overlaps = (all: readonly SyncRun[]): string[] =>
  all
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
    .filter((run, i, sorted) => {
      const before = i > 0 ? sorted[i - 1] : undefined;
      return before && (!before.finishedAt || before.finishedAt > run.createdAt);
    })
    .map(({ id }) => id);

/** Looks again and again until it holds. */
const until = async (what: string, holds: () => Promise<boolean>, limitMs = 25_000): Promise<void> => {
  for (const endsAt = Date.now() + limitMs; !(await holds()); await delay(50)) {
    if (Date.now() > endsAt) throw new Error(`Not within ${limitMs} ms: ${what}`);
  }
};

/** The listing lags a moment behind changes. */
const untilEqual = () => until('equal schedules', async () => (await keeping().reconcile()).changed === 0);

describe('the schedules', () => {
  test('are what the settings want, and an equal one costs no call', async () => {
    const daily = await automaticTenant(world, { daily: '02:30' }, { timeZone: 'Europe/Berlin' });
    const every = await automaticTenant(world, { every: 15 });
    await world.newTenant();
    await keeping().reconcile();
    await untilEqual();
    expect([...(await world.schedules.marks()).keys()].sort()).toEqual([daily, every].sort());
    const { policies, spec, state } = await scheduleOf(daily).describe();
    expect(policies).toEqual({ overlap: 'SKIP', catchupWindow: 86_400_000, pauseOnFailure: false });
    expect(spec.timezone).toBe('Europe/Berlin');
    expect(state.paused).toBe(false);
    expect((await scheduleOf(every).describe()).policies.catchupWindow).toBe(900_000);
  });

  test('come back to the settings after somebody paused, changed, deleted or added one by hand', async () => {
    const tenants = await Promise.all([1, 2, 3, 4].map(() => automaticTenant(world, { every: 60 })));
    const [paused = '', changed = '', deleted = '', untouched = ''] = tenants;
    await keeping().reconcile();
    await untilEqual();
    await scheduleOf(paused).pause('by hand');
    await scheduleOf(changed).update((now) => ({ ...now, spec: { intervals: [{ every: '7 minutes' }] } }));
    await scheduleOf(deleted).delete();
    const stranger = randomUUID();
    const wanted = { times: { kind: 'every', everyMs: 60_000, offsetMs: 0 }, jitterMs: 0, catchUpMs: 60_000 } as const;
    await world.schedules.put({ ...wanted, tenantId: stranger, paused: true });
    await until('the list shows it', async () => (await world.schedules.marks()).has(stranger));
    await until('all four are mended', async () => (await keeping().reconcile()).changed === 0);
    expect((await scheduleOf(paused).describe()).state.paused).toBe(false);
    expect((await scheduleOf(changed).describe()).spec.intervals).toMatchObject([{ every: 3_600_000 }]);
    expect((await scheduleOf(deleted).describe()).spec.intervals).toHaveLength(1);
    await expect(scheduleOf(stranger).describe()).rejects.toThrow(ScheduleNotFoundError);
    expect((await scheduleOf(untouched).describe()).info.lastUpdatedAt).toBeUndefined();
  });

  test('follow the settings: pause, resume, another time, manual again, gone', async () => {
    const tenantId = await automaticTenant(world, { every: 60 });
    const save = async (change: SettingsChange) =>
      world.userSync.administration.saveSettings(BOOTSTRAP_ACTOR, { tenantId, change });
    await save({ paused: true });
    expect((await scheduleOf(tenantId).describe()).state.paused).toBe(true);
    await save({ paused: false, schedule: { every: 30 } });
    const { state, spec } = await scheduleOf(tenantId).describe();
    expect([state.paused, spec.intervals?.[0]?.every]).toEqual([false, 1_800_000]);
    await sql`update integrations set disconnected_at = now() where tenant_id = ${tenantId}`.execute(kysely());
    await until('paused', async () => {
      await keeping().reconcile();
      return (await scheduleOf(tenantId).describe()).state.paused;
    });
    await sql`update sync_settings set mode = null where tenant_id = ${tenantId}`.execute(kysely());
    await until('deleted', async () => {
      await keeping().reconcile();
      return scheduleOf(tenantId)
        .describe()
        .then(
          () => false,
          (error) => error instanceof ScheduleNotFoundError,
        );
    });
  });

  test('are made once by several processes that compare at the same time', async () => {
    const tenants = await Promise.all([1, 2, 3].map(() => automaticTenant(world, { every: 60 })));
    const another = createUserSync({ ...world.dependencies });
    await Promise.all([keeping().reconcile(), another.scheduleKeeping.reconcile(), keeping().reconcile()]);
    await untilEqual();
    expect(world.scheduleFailures).toEqual([]);
    expect([...(await world.schedules.marks()).keys()].sort()).toEqual(tenants.sort());
  });

  test('are written anew with the first key after keys were changed', async () => {
    const tenantId = await automaticTenant(world, { every: 60 });
    await keeping().reconcile();
    await untilEqual();
    const [old] = temporal.keys;
    const keys = [{ id: 'next', key: randomBytes(32) }, ...(old ? [old] : [])];
    world.schedules = createSyncSchedules(temporal.client, temporal.queues, keys);
    expect(await keeping().reconcile()).toEqual({ changed: 1 });
    await untilEqual();
    expect((await scheduleOf(tenantId).describe()).info.numActionsTaken).toBe(0);
  });

  test('never leave a day out when clocks go forward over the time', async () => {
    // 02:30 does not exist on 28 March 2027 in Berlin; every tenant's own moment lies in the quarter of an hour after.
    world.now.value = new Date('2027-01-10T00:00:00Z');
    const tenantId = await automaticTenant(world, { daily: '02:30' }, { timeZone: 'Europe/Berlin' });
    await keeping().reconcile();
    const { startTime: times } = await temporal.client.workflowService.listScheduleMatchingTimes({
      namespace: temporal.client.options.namespace,
      scheduleId: scheduleOf(tenantId).scheduleId,
      startTime: toTimestamp('2027-03-26T12:00:00Z'),
      endTime: toTimestamp('2027-03-30T12:00:00Z'),
    });
    const local = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'Europe/Berlin',
      dateStyle: 'short',
      timeStyle: 'short',
      hour12: false,
    });
    const shown = (times ?? []).map(({ seconds }) => local.format(Number(seconds) * 1_000));
    expect(shown.map((text) => text.slice(0, 14))).toEqual([
      '2027-03-27, 02',
      '2027-03-28, 03',
      '2027-03-29, 02',
      '2027-03-30, 02',
    ]);
  });
});

describe('a tick', () => {
  test('of a second fires 20 times through a restart of the worker: none is lost, none overlaps, skips are shown', async () => {
    Object.defineProperty(world.now, 'value', { get: () => new Date() });
    const tenantId = await automaticTenant(world, { every: 1 / 60 });
    const count = async () => (await ticks(tenantId)).length;
    world.directory.beforeAnswer = async () => {
      if (world.directory.asked.length === 4) await delay(2_500);
    };
    const first = await work();
    await keeping().reconcile();
    await until('7 ticks', async () => (await count()) >= 7);
    await first.stop();
    await work();
    await until('20 ticks', async () => (await count()) >= 20, 40_000);
    await scheduleOf(tenantId).pause();
    const { info } = await scheduleOf(tenantId).describe();
    await until('all ticks are noted', async () => (await count()) === info.numActionsTaken);
    await until('the last run ended', async () => (await runs(tenantId)).every(({ finishedAt }) => finishedAt));

    const all = await ticks(tenantId);
    const times = all.map(({ scheduledFor }) => scheduledFor.getTime() / 1_000);
    const due = Math.max(...times) - Math.min(...times) + 1;
    expect(new Set(times).size).toBe(all.length);
    expect(all.length + ((await world.schedules.outlook(tenantId))?.missed ?? 0)).toBeGreaterThanOrEqual(due);
    const of = (outcome: string) => all.filter((tick) => tick.outcome === outcome);
    expect((await runs(tenantId)).map(({ id }) => id).sort()).toEqual(
      of('started')
        .map(({ runId }) => runId)
        .sort(),
    );
    expect(of('skipped').map(({ code }) => code)).toContain('SYNC_RUN_ACTIVE');
    expect(of('started').length + of('skipped').length).toBe(all.length);
    expect(overlaps(await runs(tenantId))).toEqual([]);
    expect(temporal.unexpected).toEqual([]);
  }, 90_000);

  test('does not come while the schedule is paused', async () => {
    const paused = await automaticTenant(world, { every: 1 / 60 });
    await sql`update sync_settings set paused = true where tenant_id = ${paused}`.execute(kysely());
    const running = await automaticTenant(world, { every: 1 / 60 });
    await work();
    await keeping().reconcile();
    await until('two ticks of the other', async () => (await ticks(running)).length >= 2);
    expect((await scheduleOf(paused).describe()).info.numActionsTaken).toBe(0);
    expect(await ticks(paused)).toEqual([]);
  });

  test('holds no person and no reason in its history, and is found by its tenant', async () => {
    const tenantId = await automaticTenant(world, { every: 60 });
    world.access.requireReady = async () => {
      throw new AppError('INTEGRATION_NOT_ACTIVE', 'Authorize first.');
    };
    await work();
    await keeping().reconcile();
    await scheduleOf(tenantId).trigger(ScheduleOverlapPolicy.SKIP);
    await until('a tick', async () => (await ticks(tenantId)).length === 1);
    const [tick] = await ticks(tenantId);
    expect(tick).toMatchObject({ outcome: 'refused', code: 'INTEGRATION_NOT_ACTIVE', message: 'Authorize first.' });
    const workflow = temporal.client.workflow.getHandle(tick?.id ?? '');
    await workflow.result();
    expect((await workflow.describe()).typedSearchAttributes.get(TENANT_ID_ATTRIBUTE)).toBe(tenantId);
    expect(JSON.stringify(await workflow.fetchHistory())).not.toContain('Authorize');
  });
});
