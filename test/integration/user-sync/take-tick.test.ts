import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { SyncTickEntity } from '../../../src/db/entities/index.ts';
import { AppError } from '../../../src/errors.ts';
import { automaticTenant } from '../../support/automatic-tenant.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

let world: SyncWorld;
let tenantId: string;

beforeEach(async () => {
  world = await createSyncWorld();
  tenantId = await automaticTenant(world, { every: 60 });
});
afterEach(() => world.close());

const tick = (tickId = 'tick-1') => ({ tenantId, tickId, scheduledFor: world.now.value });
const take = (tickId?: string) => world.userSync.takeTick(tick(tickId));
const ticks = () => world.orm.em.fork().find(SyncTickEntity, { tenantId }, { orderBy: { id: 'asc' } });
const runs = () => world.userSync.runs.list({ tenantId, limit: 10 });
const endRuns = () =>
  sql`update sync_runs set state = 'succeeded', finished_at = now() where tenant_id = ${tenantId}`.execute(
    world.orm.em.fork().getKysely(),
  );

describe('a tick', () => {
  test('starts a run by the schedule, and says which', async () => {
    expect(await take()).toBe('started');
    const [run] = await runs();
    expect(run).toMatchObject({ trigger: 'schedule', requestedBy: null, dryRun: false });
    expect(await ticks()).toMatchObject([{ outcome: 'started', runId: run?.id, code: null }]);
  });

  test('taken again is the same one: at once, while its run is active, and after its end', async () => {
    expect(await Promise.all([take(), take(), take()])).toEqual(['started', 'started', 'started']);
    expect(await take()).toBe('started');
    await endRuns();
    expect(await take()).toBe('started');
    expect(await runs()).toHaveLength(1);
    expect(await ticks()).toHaveLength(1);
  });

  test('whose first try is stuck before its commit makes no second run when the try goes on', async () => {
    let tries = 0;
    world.access.requireReady = async () => {
      // The first try is overtaken here: the second one starts the run, and that run ends.
      if (tries++ > 0) return;
      await take();
      await endRuns();
    };
    expect(await take()).toBe('started');
    expect(await runs()).toHaveLength(1);
  });

  test('during a run is skipped, and the run in the way is named', async () => {
    const { runId } = await world.userSync.runs.request({ tenantId, trigger: 'manual', requestedBy: 'Ada' });
    expect(await take()).toBe('skipped');
    expect(await ticks()).toMatchObject([{ outcome: 'skipped', code: 'SYNC_RUN_ACTIVE', runId }]);
    await endRuns();
    expect(await take()).toBe('skipped');
    expect(await runs()).toHaveLength(1);
  });

  test('during a preview is skipped too', async () => {
    const { runId } = await world.userSync.runs.request({
      ...{ tenantId, trigger: 'manual', requestedBy: 'Ada', dryRun: true },
    });
    expect(await take()).toBe('skipped');
    expect(await ticks()).toMatchObject([{ code: 'SYNC_RUN_ACTIVE', runId }]);
  });

  test('without a connection is refused with the reason, and the next one works', async () => {
    world.access.requireReady = async () => {
      throw new AppError('GRANT_REVOKED', 'Somebody ended the access. Authorize again.');
    };
    expect(await take()).toBe('refused');
    world.access.requireReady = async () => undefined;
    expect(await take()).toBe('refused');
    expect(await take('tick-2')).toBe('started');
    expect(await ticks()).toMatchObject([
      { outcome: 'refused', code: 'GRANT_REVOKED', message: 'Somebody ended the access. Authorize again.' },
      { outcome: 'started' },
    ]);
  });

  test('is tried again after an outage, with nothing noted', async () => {
    world.access.requireReady = async () => {
      throw new AppError('UNAVAILABLE', 'The database does not answer.');
    };
    await expect(take()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await ticks()).toEqual([]);
  });

  test('that was on its way when the schedule was paused is skipped', async () => {
    await world.userSync.settings.save({ tenantId, change: { paused: true } });
    expect(await take()).toBe('skipped');
    expect(await ticks()).toMatchObject([{ code: 'SYNC_PAUSED', runId: null }]);
    expect(await runs()).toEqual([]);
  });

  test('of a tenant that is in manual mode, or gone, does nothing', async () => {
    const manual = await world.newTenant();
    for (const other of [manual, randomUUID()]) {
      expect(await world.userSync.takeTick({ ...tick(), tenantId: other })).toBe('off');
    }
    expect(await world.userSync.runs.list({ tenantId: manual, limit: 10 })).toEqual([]);
  });

  test('is forgotten after 90 days', async () => {
    await take('tick-1');
    await endRuns();
    world.now.value = new Date(world.now.value.getTime() + 91 * 86_400_000);
    await take('tick-2');
    expect(await ticks()).toMatchObject([{ id: 'tick-2' }]);
    expect(await runs()).toHaveLength(2);
  });
});
