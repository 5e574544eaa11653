import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { DEFAULT_SETTINGS, type SyncScope } from '../../../src/user-sync/index.ts';
import { person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

let world: SyncWorld;
beforeEach(async () => {
  world = await createSyncWorld();
});
afterEach(() => world.close());

const setScope = (scope: Partial<SyncScope>) =>
  world.userSync.settings.save({
    tenantId: world.tenantId,
    change: { scope: { ...DEFAULT_SETTINGS.scope, ...scope } },
  });
const sync = async (request: Parameters<SyncWorld['runOnce']>[0] = {}) => {
  world.now.value = new Date(world.now.value.getTime() + 60_000);
  return world.runOnce(request);
};
const enabled = async () =>
  (await world.people.list({ tenantId: world.tenantId, limit: 500 })).filter((each) => each.enabled).length;
const held = async (runId: string) => (await world.userSync.runs.find(world.tenantId, runId)).heldRemovals;
const approvals = async () => {
  const { rows } = await sql<{ state: string; removals: number; reason: string }>`
    select state, removals, reason from approvals where tenant_id = ${world.tenantId} order by created_at`.execute(
    world.orm.em.fork().getKysely(),
  );
  return rows;
};
const ONE_LESS: Partial<SyncScope> = { type: 'except', users: [person(12).id] };

describe('a change of scope', () => {
  test('removes nobody before somebody looked, in however many runs, and asks about them', async () => {
    await sync();
    await setScope(ONE_LESS);
    expect(await held(await sync())).toBe(1);
    expect(await held(await sync())).toBe(1);
    expect(await enabled()).toBe(12);
    expect(await approvals()).toEqual([
      { state: 'replaced', removals: 1, reason: 'not-previewed' },
      { state: 'pending', removals: 1, reason: 'not-previewed' },
    ]);
  });

  test('holds nothing else back', async () => {
    await sync();
    await setScope(ONE_LESS);
    world.directory.people[0] = person(1, { suspended: true });
    world.directory.people.push(person(13));
    const runId = await sync();
    expect(await held(runId)).toBe(1);
    const rows = await world.userSync.runs.listChanges({ tenantId: world.tenantId, runId, limit: 50 });
    expect(rows.filter(({ action }) => action !== 'skip').map(({ action, status }) => [action, status])).toEqual([
      ['disable', 'done'],
      ['disable', 'held'],
      ['create', 'done'],
    ]);
  });

  test('takes effect once a preview showed it', async () => {
    await sync();
    await setScope(ONE_LESS);
    const preview = await sync({ dryRun: true });
    const [row] = await world.userSync.runs.listChanges({ tenantId: world.tenantId, runId: preview, limit: 50 });
    expect(row).toMatchObject({ action: 'disable', reason: 'out-of-scope', googleId: person(12).id });
    expect(await held(await sync())).toBe(0);
    expect(await enabled()).toBe(11);
  });

  test('takes effect by applying its preview, and stays', async () => {
    await sync();
    await setScope(ONE_LESS);
    await sync({ applyPlanOf: await sync({ dryRun: true }) });
    expect(await enabled()).toBe(11);
    world.directory.people[11] = person(12, { suspended: false });
    expect(await held(await sync())).toBe(0);
  });

  test('is looked at anew when it was changed again after the preview', async () => {
    await sync();
    await setScope({ type: 'except', users: [person(11).id] });
    await sync({ dryRun: true });
    await setScope(ONE_LESS);
    expect(await held(await sync())).toBe(1);
    expect(await enabled()).toBe(12);
  });

  test('that removes nobody is accepted at once, so that a later leaver leaves', async () => {
    await sync();
    await setScope({ domains: ['acme.example'] });
    expect(await held(await sync())).toBe(0);
    world.directory.people[4] = person(5, { primaryEmail: 'person5@beta.example' });
    expect(await held(await sync())).toBe(0);
    expect(await enabled()).toBe(11);
  });
});
