import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createUserSyncActivities } from '../../src/activities/user-sync.ts';
import { applyRemovalsWorkflowId } from '../../src/contracts/index.ts';
import { createRemovalStarter } from '../../src/temporal/removal-starter.ts';
import { peopleFrom } from '../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

let world: SyncWorld;
let temporal: TemporalWorld;

beforeEach(async () => {
  world = await createSyncWorld({ pageSize: 50, pace: { applyStretchMs: 0 } });
  temporal = createTemporalWorld();
  const starter = createRemovalStarter(temporal.client, temporal.queues);
  world.removals.applyRemovals = (approval) => starter.applyRemovals(approval);
  world.directory.people = peopleFrom(1, 40);
  await world.runOnce();
  world.directory.people = peopleFrom(1, 20);
  await world.runOnce();
});
afterEach(async () => {
  await temporal.close();
  await world.close();
});

const pending = async () => {
  const [approval] = await world.userSync.approvals.list({ tenantId: world.tenantId, limit: 1, state: 'pending' });
  if (!approval) throw new Error('nothing waits');
  return approval;
};
const approve = (id: string) =>
  world.userSync.approvals.approve({ tenantId: world.tenantId, id, decidedBy: 'Ada', alongside: () => undefined });
const work = (activities: object = createUserSyncActivities(world.userSync)) => temporal.start(activities);
const workflow = (id: string) => temporal.client.workflow.getHandle(applyRemovalsWorkflowId(id));
const enabled = async () =>
  (await world.people.list({ tenantId: world.tenantId, limit: 500 })).filter((person) => person.enabled);

describe('approved removals', () => {
  test('are carried out batch by batch to their end, and the history holds no person', async () => {
    await work();
    const { id } = await pending();
    await approve(id);
    await workflow(id).result();
    expect(await world.userSync.approvals.find(world.tenantId, id)).toMatchObject({ state: 'applied', done: 20 });
    expect(await enabled()).toHaveLength(20);
    expect(JSON.stringify(await workflow(id).fetchHistory())).not.toContain('acme.example');
    expect(temporal.unexpected).toEqual([]);
  });

  test('are handed over again when Temporal was away at the moment of the approval', async () => {
    const { applyRemovals } = world.removals;
    world.removals.applyRemovals = () => Promise.reject(new Error('Temporal is away'));
    const { id } = await pending();
    await approve(id);
    world.removals.applyRemovals = applyRemovals;
    world.now.value = new Date(world.now.value.getTime() + 10_000);
    await world.userSync.approvals.startForgotten();
    await world.userSync.approvals.startForgotten();
    await work();
    await workflow(id).result();
    expect(await enabled()).toHaveLength(20);
  });

  test('go on where they were when a batch’s answer is lost and when they are cancelled', async () => {
    const activities = createUserSyncActivities(world.userSync);
    let lost = 0;
    await work({
      ...activities,
      async applyRemovals(key: Parameters<typeof activities.applyRemovals>[0]) {
        const progress = await activities.applyRemovals(key);
        if (++lost === 2) throw new Error('the answer is lost');
        if (lost === 4) await workflow(key.approvalId).cancel();
        return progress;
      },
    });
    const { id } = await pending();
    await approve(id);
    await workflow(id)
      .result()
      .catch(() => undefined);
    await world.userSync.approvals.startForgotten();
    world.now.value = new Date(world.now.value.getTime() + 10_000);
    await world.userSync.approvals.startForgotten();
    await workflow(id).result();
    expect(await world.userSync.approvals.find(world.tenantId, id)).toMatchObject({ state: 'applied', done: 20 });
    expect(await enabled()).toHaveLength(20);
  });

  test('of a tenant that is gone end by themselves', async () => {
    await work();
    await world.removals.applyRemovals({ tenantId: await world.newTenant(), approvalId: (await pending()).id });
    await workflow((await pending()).id).result();
    expect(await enabled()).toHaveLength(40);
  });
});
