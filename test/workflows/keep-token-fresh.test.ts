import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuthorizationActivities } from '../../src/activities/authorization.ts';
import type { Authorization } from '../../src/authorization/index.ts';
import { grantChangedSignal, tokenWorkflowId } from '../../src/contracts/index.ts';
import { IntegrationEntity } from '../../src/db/entities/index.ts';
import { createAuthorizationWorkflows } from '../../src/temporal/authorization-workflows.ts';
import { type AuthorizationWorld, createAuthorizationWorld, REDIRECT_URI } from '../support/authorization-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

const HOUR_MS = 60 * 60_000;

let world: AuthorizationWorld;
let temporal: TemporalWorld;
let authorization: Authorization;
let tenantId: string;
let integration: { tenantId: string; integrationId: string };

beforeAll(async () => {
  world = await createAuthorizationWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  await world.google.control.reset();
  world.seeded = await world.google.control.seed({ redirectUris: [REDIRECT_URI] });
  temporal = createTemporalWorld();
  world.now.value = new Date();
  tenantId = await world.newTenant();
  const { tokenChanged } = createAuthorizationWorkflows(temporal.client, temporal.queues);
  authorization = world.feature();
  await world.configure(0, tenantId);
  await world.connect({}, tenantId);
  const { id } = await world.orm.em.fork().findOneOrFail(IntegrationEntity, { tenantId });
  integration = { tenantId, integrationId: id };
  await world.google.control.clearRequests();
  await temporal.start(createAuthorizationActivities(authorization));
  await tokenChanged(integration);
});
afterEach(async () => {
  await workflow()
    .terminate()
    .catch(() => undefined);
  await temporal.close();
  expect(temporal.unexpected).toEqual([]);
});

const workflow = () => temporal.client.workflow.getHandle(tokenWorkflowId(integration.integrationId));
const signal = () => workflow().signal(grantChangedSignal);
const later = (ms: number) => {
  world.now.value = new Date(world.now.value.getTime() + ms);
};

const eventTypes = async (): Promise<string[]> =>
  ((await workflow().fetchHistory()).events ?? []).map(({ eventType }) => String(eventType));

/** Resolves when the workflow has begun to wait for the given number of times. */
const rests = async (activities: number) => {
  for (const endsAt = Date.now() + 15_000; Date.now() < endsAt; ) {
    const { events = [] } = await workflow().fetchHistory();
    const completed = (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes).length;
    const { raw } = await workflow().describe();
    if (completed >= activities && !raw.pendingActivities?.length && !raw.pendingWorkflowTask) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Not at rest after ${activities} looks: ${(await eventTypes()).join(' ')}`);
};

const timers = async () =>
  ((await workflow().fetchHistory()).events ?? []).filter((event) => event.timerStartedEventAttributes).length;

describe('token upkeep', () => {
  test('sleeps until shortly before expiry, and renews when told that it is time', async () => {
    await rests(1);
    expect(await timers()).toBe(1);
    expect(await world.tokenRequests()).toBe(0);
    later(HOUR_MS - 4 * 60_000);
    await signal();
    await rests(2);
    expect(await world.tokenRequests()).toBe(1);
    expect((await authorization.view(world.actor, tenantId)).lastRefreshedAt).toEqual(world.now.value);
  });

  test('rests without a timer once the grant is over, and takes up the next grant', async () => {
    await rests(1);
    await world.google.control.endRefreshTokens({ how: 'invalid_grant' });
    later(HOUR_MS);
    await authorization.getAccessToken({ tenantId, purpose: 'mail' }).catch(() => undefined);
    const timersBefore = await timers();
    await signal();
    await rests(2);
    expect(await timers()).toBe(timersBefore);
    await world.connect({}, tenantId);
    await signal();
    await rests(3);
    expect(await timers()).toBe(timersBefore + 1);
  });

  test('waits out an outage of Google without losing the grant', async () => {
    await rests(1);
    later(HOUR_MS - 4 * 60_000);
    await world.google.control.addFault({
      pathPrefix: '/token',
      kind: 'error',
      status: 503,
      reason: 'internal_failure',
      message: 'Busy',
      count: 1,
    });
    await signal();
    await world.google.control.waitForRequests({ pathPrefix: '/token', count: 1 });
    later(60_000);
    await rests(2);
    expect((await authorization.view(world.actor, tenantId)).state).toBe('active');
    expect(await world.tokenRequests()).toBe(2);
  });

  test('ends when the integration is disconnected', async () => {
    await rests(1);
    await authorization.disconnect(world.actor, tenantId);
    await signal();
    await expect(workflow().result()).resolves.toBeUndefined();
  });

  test('starts once however often it is told', async () => {
    const { tokenChanged } = createAuthorizationWorkflows(temporal.client, temporal.queues);
    const runOf = async () => ((await workflow().describe()) as { runId: string }).runId;
    const runId = await runOf();
    await Promise.all([tokenChanged(integration), tokenChanged(integration), tokenChanged(integration)]);
    expect(await runOf()).toBe(runId);
  });
});
