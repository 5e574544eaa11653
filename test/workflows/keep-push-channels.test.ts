import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createPushActivities } from '../../src/activities/push.ts';
import { pushWorkflowId } from '../../src/contracts/index.ts';
import { AppError } from '../../src/errors.ts';
import { createPushKeeper } from '../../src/temporal/push-keeper.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

let world: SyncWorld;
let temporal: TemporalWorld;
let tenantId: string;

beforeEach(async () => {
  world = await createSyncWorld({ pace: { pushShortestWaitMs: 20 } });
  tenantId = world.tenantId;
  // Timers are Temporal's own here, so the time of the channels has to pass as well.
  Object.defineProperty(world.now, 'value', { get: () => new Date() });
  await world.userSync.connectedData.drop(world.orm.em.fork(), tenantId);
  await world.userSync.settings.save({ tenantId, change: { mode: 'automatic' } });
  temporal = createTemporalWorld();
  const keeper = createPushKeeper(temporal.client, temporal.queues);
  world.keeper.look = (id) => keeper.look(id);
});
afterEach(async () => {
  await workflow()
    .terminate()
    .catch(() => undefined);
  await temporal.close();
  await world.close();
  expect(temporal.unexpected).toEqual([]);
});

const workflow = () => temporal.client.workflow.getHandle(pushWorkflowId(tenantId));
const work = () => temporal.start(createPushActivities(world.userSync));
const look = () => world.userSync.push.look(tenantId);

const until = async (what: string, holds: () => boolean | Promise<boolean>) => {
  for (const endsAt = Date.now() + 20_000; Date.now() < endsAt; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not in time: ${what}`);
};
const areOpen = () => until('three channels', () => world.channels.live.length === 3);

describe('the channels of a tenant', () => {
  test('are replaced again and again, each before it ends and never leaving a gap', async () => {
    world.channels.lifeMs = 1_500;
    const gaps: string[] = [];
    world.channels.beforeAnswer = async ({ event, id }) => {
      const isFirst = world.channels.opened.filter((channel) => channel.event === event).length === 1;
      const hasOld = world.channels.live.some((channel) => channel.event === event && channel.id !== id);
      if (!isFirst && !hasOld) gaps.push(event);
    };
    await work();
    await look();
    await until('the third generation', () => world.channels.opened.length >= 9 && world.channels.live.length === 3);
    expect(gaps).toEqual([]);
    expect(world.channels.stopped.length).toBeGreaterThanOrEqual(6);
  });

  test('are stopped when the workflow is cancelled', async () => {
    await work();
    await look();
    await areOpen();
    await workflow().cancel();
    await expect(workflow().result()).rejects.toThrow();
    expect(world.channels.live).toEqual([]);
  });

  test('are stopped when the sync is paused, and open again when it goes on', async () => {
    await work();
    await look();
    await areOpen();
    await world.userSync.settings.save({ tenantId, change: { paused: true } });
    await look();
    await workflow().result();
    expect(world.channels.live).toEqual([]);
    await world.userSync.settings.save({ tenantId, change: { paused: false } });
    await look();
    await areOpen();
  });

  test('open once however often anybody looks', async () => {
    await work();
    await Promise.all([look(), look(), look()]);
    await areOpen();
    await look();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(world.channels.opened).toHaveLength(3);
  });

  test('open after an outage of Google, without anybody looking again', async () => {
    world.channels.faults = [new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 100 })];
    await work();
    await look();
    expect(await world.userSync.push.view(tenantId)).toMatchObject({ channels: [] });
    await areOpen();
  });

  test('are kept by the next worker when one stops', async () => {
    world.channels.lifeMs = 4_000;
    const first = await work();
    await look();
    await areOpen();
    await first.stop();
    await work();
    await until('the second generation', () => world.channels.opened.length >= 6 && world.channels.live.length === 3);
  });

  test('leave no token in the history', async () => {
    await work();
    await look();
    await areOpen();
    const history = JSON.stringify(await workflow().fetchHistory());
    for (const { token } of world.channels.opened) {
      expect(history).not.toContain(token);
      expect(history).not.toContain(Buffer.from(token).toString('base64').slice(1, -4));
    }
  });
});

test('the workflow goes on as a new one before its history grows long', async () => {
  let rounds = 0;
  await temporal.start({
    keepPushChannels: async () => {
      // Told to look while it looks, so that the next round follows without a timer.
      if (rounds++ < 101) await look();
      return rounds <= 101 ? { next: 'rest' } : { next: 'wait', delayMs: 60_000 };
    },
    stopPushChannels: async () => undefined,
  });
  await look();
  const { runId } = await workflow().describe();
  await until('another run', async () => (await workflow().describe()).runId !== runId);
  expect(rounds).toBeGreaterThanOrEqual(100);
  expect((await workflow().describe()).status.name).toBe('RUNNING');
});
