import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { peopleFrom, person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

const DAY_MS = 24 * 60 * 60_000;
/** What docs/operations.md promises for 1,000 people with 400 daily runs, in MB. */
const PROMISED_MB = 10;

let world: SyncWorld;
beforeEach(async () => {
  world = await createSyncWorld({ pageSize: 500, pace: { applyBatch: 1_000, planBatch: 1_000 } });
});
afterEach(() => world.close());

/** A run of this world takes a second. */
const RUN_TAKES_DAYS = 1 / 86_400;

const never = new AbortController().signal;
const sweep = () => world.userSync.sweep(never);
const later = (days: number): void => {
  world.now.value = new Date(world.now.value.getTime() + days * DAY_MS);
};
/** One a minute: which listing is the newest is told by when its run began. */
const run = (request: Parameters<SyncWorld['runOnce']>[0] = {}): Promise<string> => {
  later(1 / 1_440);
  return world.runOnce(request);
};
const runs = () => world.userSync.runs.list({ tenantId: world.tenantId, limit: 500 });
const everybody = () => world.people.list({ tenantId: world.tenantId, limit: 500 });
const count = async (table: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ${sql.table(table)} where tenant_id = ${world.tenantId}`.execute(
    world.orm.em.fork().getKysely(),
  );
  return rows[0]?.n ?? 0;
};

describe('what is older than it needs to be', () => {
  test('goes: runs and their rows 90 days after their end; extensions and numbers stay as they are', async () => {
    for (let i = 0; i < 4; i++) {
      world.directory.people = peopleFrom(1, 12 + i);
      await run();
    }
    const before = await everybody();
    later(89);
    expect(await sweep()).toEqual({ runs: 0, changes: 0, ticks: 0, profiles: 0 });
    later(2);
    // Four runs; the listings of the newest three are kept, and the runs with them.
    expect(await sweep()).toEqual({ runs: 1, changes: 12, ticks: 0, profiles: 0 });
    expect(await runs()).toHaveLength(3);
    expect(await everybody()).toEqual(before);
    expect(await sweep()).toEqual({ runs: 0, changes: 0, ticks: 0, profiles: 0 });
  });

  test('stays as long as removals wait for a decision', async () => {
    world.directory.people = peopleFrom(1, 40);
    await run();
    world.directory.people = peopleFrom(1, 20);
    const held = await run();
    await sql`delete from directory_pages`.execute(world.orm.em.fork().getKysely());
    later(100);
    await sweep();
    expect((await runs()).map(({ id }) => id)).toEqual([held]);
    expect(await count('plan_changes')).toBe(20);
  });

  test('stays as long as another run that took over its plan', async () => {
    const preview = await run({ dryRun: true });
    await run({ applyPlanOf: preview });
    await sql`delete from directory_pages`.execute(world.orm.em.fork().getKysely());
    later(91);
    await sweep();
    await sweep();
    expect(await runs()).toEqual([]);
  });

  test('includes the profile of somebody who left and never had an extension', async () => {
    world.directory.people = [...peopleFrom(1, 12), person(13, { suspended: true })];
    await run();
    world.directory.people = peopleFrom(1, 12);
    for (let i = 0; i < 3; i++) await run();
    expect(await count('google_users')).toBe(13);
    await sql`update google_users set updated_at = updated_at - interval '91 days'`.execute(
      world.orm.em.fork().getKysely(),
    );
    expect(await sweep()).toMatchObject({ profiles: 1 });
    expect(await count('google_users')).toBe(12);
  });

  test('goes once, whoever else is at it', async () => {
    for (let i = 0; i < 6; i++) await run();
    later(91);
    const swept = await Promise.all([sweep(), sweep(), sweep()]);
    expect(swept.reduce((sum, one) => sum + one.runs, 0)).toBe(3);
    expect(await runs()).toHaveLength(3);
  });

  test('of another tenant goes as well', async () => {
    const other = await world.newTenant();
    for (let i = 0; i < 4; i++) await run({ tenantId: other });
    later(91);
    expect(await sweep()).toMatchObject({ runs: 1, changes: 12 });
    expect(await world.userSync.runs.list({ tenantId: other, limit: 500 })).toHaveLength(3);
  });
});

/** Everything that sync keeps, with indexes, in MB. */
const sizeMb = async (): Promise<number> => {
  const { rows } = await sql<{ bytes: string }>`
    select sum(pg_total_relation_size(c.oid)) as bytes from pg_class c
    where c.relkind = 'r' and c.relname in ('sync_runs', 'plan_changes', 'directory_pages', 'google_users', 'sync_ticks',
      'approvals', 'run_people', 'bindings', 'extension_users', 'extension_numbers', 'number_reservations')`.execute(
    world.orm.em.fork().getKysely(),
  );
  return Number(rows[0]?.bytes) / 2 ** 20;
};

/** As autovacuum does it; it comes round too seldom for days of milliseconds. */
const vacuum = () => sql`vacuum (analyze)`.execute(world.orm.em.fork().getKysely());

test(`400 daily runs of 1,000 people take less than ${PROMISED_MB} MB, and no more than 200 do`, async () => {
  const people = peopleFrom(1, 1_000);
  world.directory.people = people;
  const sizes: number[] = [];
  for (let day = 1; day <= 400; day++) {
    // 1 to 3 % a day: renamed, come and gone.
    for (let i = 0; i < 10 + (day % 20); i++) {
      const at = (day * 37 + i * 53) % people.length;
      const before = people[at];
      if (before) people[at] = { ...before, name: { fullName: `Renamed on day ${day}` } };
    }
    people.push(person(1_000 + day));
    people.splice((day * 11) % people.length, 1);
    await world.runOnce();
    later(1 - RUN_TAKES_DAYS);
    await sweep();
    if (day % 20 === 0) await vacuum();
    if (day % 200 === 0) sizes.push(await sizeMb());
  }
  expect(await runs()).toHaveLength(90);
  const [half = 0, whole = 0] = sizes;
  console.log(`400 daily runs of 1,000 people: ${half.toFixed(1)} MB after 200 days, ${whole.toFixed(1)} MB after 400`);
  expect(whole).toBeLessThan(PROMISED_MB);
  expect(whole).toBeLessThan(half * 1.2);
}, 300_000);
