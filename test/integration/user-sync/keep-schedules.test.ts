import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { automaticTenant, saveSchedule } from '../../support/automatic-tenant.ts';
import { type ScriptedSchedules, scriptedSchedules } from '../../support/scripted-schedules.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

let world: SyncWorld;
let schedules: ScriptedSchedules;

beforeEach(async () => {
  world = await createSyncWorld();
  schedules = scriptedSchedules();
  world.schedules = schedules;
});
afterEach(() => world.close());

const reconcile = () => world.userSync.scheduleKeeping.reconcile();
const kysely = () => world.orm.em.fork().getKysely();

/** Tenants in automatic mode, as rows only. */
const manyTenants = (count: number) =>
  sql`with made as (
      insert into tenants (id, kind, name, sip_domain)
      select gen_random_uuid(), 'customer', 'Tenant ' || n, n || '.example' from generate_series(1, ${count}) n
      returning id)
    insert into sync_settings (tenant_id, mode, scope, photos, link_by_email, leavers, brakes, schedule, paused)
    select id, 'automatic', '{}', false, true, '{}', '{}', '{"daily": "00:30"}', false from made`.execute(kysely());

describe('comparing schedules with settings', () => {
  test('makes what is missing of 1,200 tenants, and asks for nothing when all are equal', async () => {
    await manyTenants(1_200);
    expect(await reconcile()).toEqual({ changed: 1_200 });
    expect(schedules.made.size).toBe(1_200);
    schedules.asked.length = 0;
    expect(await reconcile()).toEqual({ changed: 0 });
    expect(schedules.asked).toEqual([]);
  });

  test('deletes what nobody wants: manual mode, a tenant that is being deleted, one that is gone', async () => {
    const [manual, deleting, gone, kept] = await Promise.all([
      automaticTenant(world, { every: 60 }),
      automaticTenant(world, { every: 60 }),
      automaticTenant(world, { every: 60 }),
      automaticTenant(world, { every: 60 }),
    ]);
    await reconcile();
    await sql`update sync_settings set mode = null where tenant_id = ${manual}`.execute(kysely());
    await sql`update tenants set state = 'deleting' where id = ${deleting}`.execute(kysely());
    await sql`delete from tenants where id = ${gone}`.execute(kysely());
    await reconcile();
    expect([...schedules.made.keys()]).toEqual([kept]);
  });

  test('goes on with the others when one tenant’s settings or schedule cannot be used', async () => {
    const broken = await automaticTenant(world, { daily: '00:30', timeZone: 'No/Where' });
    const refused = await automaticTenant(world, { every: 60 });
    const fine = await automaticTenant(world, { every: 60 });
    const { make } = schedules;
    schedules.make = async (wanted) => {
      if (wanted.tenantId === refused) throw new Error('Temporal refuses it');
      await make(wanted);
    };
    await reconcile();
    expect([...schedules.made.keys()]).toEqual([fine]);
    expect(world.scheduleFailures.map((failure) => failure.slice(0, 36)).sort()).toEqual([broken, refused].sort());
  });

  test('changes nothing while Temporal does not answer, and says so', async () => {
    await automaticTenant(world, { every: 60 });
    schedules.fault = new Error('Temporal is away');
    await expect(reconcile()).rejects.toThrow('Temporal is away');
    schedules.fault = undefined;
    expect(await reconcile()).toEqual({ changed: 1 });
  });

  test('ends early, between two tenants, when the worker is asked to stop', async () => {
    await manyTenants(100);
    const stop = new AbortController();
    const { make } = schedules;
    schedules.make = async (wanted) => {
      await make(wanted);
      if (schedules.made.size >= 20) stop.abort();
    };
    await world.userSync.scheduleKeeping.reconcile(stop.signal);
    expect(schedules.made.size).toBeLessThan(40);
    await reconcile();
    expect(schedules.made.size).toBe(100);
  });

  test('takes the settings of the moment in which it changes something', async () => {
    const tenantId = await automaticTenant(world, { every: 60 });
    const { marks } = schedules;
    schedules.marks = async () => {
      const before = await marks();
      await saveSchedule(world.orm, tenantId, { every: 30 });
      return before;
    };
    await reconcile();
    expect(schedules.made.get(tenantId)?.times).toMatchObject({ everyMs: 1_800_000 });
  });
});
