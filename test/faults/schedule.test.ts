import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { userSyncScheduleId } from '../../src/contracts/index.ts';
import { type FaultGround, startFaultGround, type Victim } from '../support/faults/fault-ground.ts';
import { ask } from '../support/faults/look-at-database.ts';
import { insist } from '../support/faults/round.ts';

const EVERY_SECONDS = 3;
const LISTING = '/admin/directory/v1/users';

let ground: FaultGround;
afterEach(() => ground?.close());

type Tick = { id: string; outcome: string; code: string | null; scheduled_for: Date };
type Run = { id: string; created_at: Date; finished_at: Date | null; state: string };

const ticksOf = (tenantId: string) =>
  insist('reading the ticks', () =>
    ask<Tick>(
      ground.databaseUrl,
      'select id, outcome, code, scheduled_for from sync_ticks where tenant_id = $1 order by scheduled_for',
      [tenantId],
    ),
  );
const runsOf = (tenantId: string) =>
  ask<Run>(
    ground.databaseUrl,
    'select id, created_at, finished_at, state from sync_runs where tenant_id = $1 order by created_at',
    [tenantId],
  );

const untilTicks = async (tenantId: string, count: number): Promise<void> => {
  for (const endsAt = Date.now() + 120_000; (await ticksOf(tenantId)).length < count; await delay(200)) {
    if (Date.now() > endsAt) throw new Error(`no ${count} ticks in time`);
  }
};

/** What Temporal says of the schedule. */
const withSchedule = async <Result>(
  tenantId: string,
  look: (client: Client, schedule: ReturnType<Client['schedule']['getHandle']>) => Promise<Result>,
): Promise<Result> => {
  const connection = await Connection.connect({ address: ground.temporalAddress });
  try {
    const client = new Client({ connection });
    return await look(client, client.schedule.getHandle(userSyncScheduleId(tenantId)));
  } finally {
    await connection.close();
  }
};

test('a schedule of seconds comes round 20 times through restarts: no overlap, none lost, skips shown', async () => {
  ground = await startFaultGround({ people: 60, largestPage: 100 });
  const { administrator, google, databaseUrl } = ground;
  const tenantId = await ground.connectedTenant('automatic');
  // Shorter than the shortest that can be chosen; only the times differ.
  await ask(databaseUrl, 'update sync_settings set schedule = $2 where tenant_id = $1', [
    tenantId,
    { every: EVERY_SECONDS / 60 },
  ]);
  ground.worker.kill();
  await ground.worker.ready();

  const kills: readonly (readonly [number, Victim])[] = [
    [3, 'worker'],
    [6, 'server'],
    [9, 'temporal'],
    [12, 'postgres'],
    [15, 'worker'],
    [16, 'temporal'],
  ];
  for (const [after, victim] of kills) {
    await untilTicks(tenantId, after);
    await ground.kill(victim, 500);
  }
  await ground.server.ready();
  await google.control.addFault({ kind: 'delay', pathPrefix: LISTING, delayMs: 3 * EVERY_SECONDS * 1_000, count: 1 });
  await untilTicks(tenantId, 20);
  for (const endsAt = Date.now() + 60_000; ; await delay(200)) {
    if ((await ticksOf(tenantId)).some(({ outcome }) => outcome === 'skipped') || Date.now() > endsAt) break;
  }

  await withSchedule(tenantId, (_, schedule) => insist('pausing', () => schedule.pause()));
  await insist('the last run', async () => {
    const runs = await runsOf(tenantId);
    if (runs.some((run) => run.finished_at === null)) throw new Error('a run is open');
  });

  const runs = await runsOf(tenantId);
  const overlapping = runs.filter((run, i) => i > 0 && run.created_at < (runs[i - 1]?.finished_at ?? run.created_at));
  expect(overlapping).toEqual([]);
  expect(runs.filter(({ state }) => state === 'failed')).toEqual([]);

  const ticks = await ticksOf(tenantId);
  expect(ticks.filter(({ outcome }) => outcome === 'started').length).toBe(runs.length);
  expect(new Set(ticks.map(({ id }) => id)).size).toBe(ticks.length);
  const { taken, missed, started } = await withSchedule(tenantId, async (client, schedule) => {
    // Not the handle's own description: it would open the encrypted input.
    const { info } = await client.workflowService.describeSchedule({
      namespace: 'default',
      scheduleId: schedule.scheduleId,
    });
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType = "syncTick"' })) {
      ids.push(workflowId);
    }
    return {
      taken: Number(info?.actionCount),
      missed: Number(info?.overlapSkipped) + Number(info?.missedCatchupWindow),
      started: ids,
    };
  });
  // Each time that Temporal acted on left its note, and each time that came round was acted on or counted as missed.
  expect(started.toSorted()).toEqual(ticks.map(({ id }) => id).toSorted());
  expect(taken).toBe(ticks.length);
  const [first, last] = [ticks[0]?.scheduled_for.getTime() ?? 0, ticks.at(-1)?.scheduled_for.getTime() ?? 0];
  expect(Math.abs((last - first) / (EVERY_SECONDS * 1_000) + 1 - ticks.length - missed)).toBeLessThanOrEqual(1);

  const skipped = ticks.filter(({ outcome }) => outcome === 'skipped');
  expect(skipped.length).toBeGreaterThan(0);
  expect(skipped.every(({ code }) => code === 'SYNC_RUN_ACTIVE')).toBe(true);
  const { body } = await administrator.api('GET', `/tenants/${tenantId}/user-sync/schedule`);
  expect(JSON.stringify(body)).toContain('SYNC_RUN_ACTIVE');
}, 400_000);
