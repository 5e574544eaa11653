import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuthorizationActivities } from '../../src/activities/authorization.ts';
import type { Authorization } from '../../src/authorization/index.ts';
import { authorizationWorkflowId, tokenWorkflowId } from '../../src/contracts/index.ts';
import { AuthorizationRequestEntity, IntegrationEntity } from '../../src/db/entities/index.ts';
import { createAuthorizationWorkflows } from '../../src/temporal/authorization-workflows.ts';
import { createDataConverter } from '../../src/temporal/data-converter.ts';
import { type AuthorizationWorld, createAuthorizationWorld, REDIRECT_URI } from '../support/authorization-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

let world: AuthorizationWorld;
let temporal: TemporalWorld;
let authorization: Authorization;
let tenantId: string;
let integrationId: string;

beforeAll(async () => {
  world = await createAuthorizationWorld();
});
afterAll(() => world.close());

const featureOf = (consentMs?: number) =>
  world.feature({
    workflows: createAuthorizationWorkflows(temporal.client, temporal.queues),
    ...(consentMs !== undefined && { durations: { consentMs } }),
  });

beforeEach(async () => {
  await world.google.control.reset();
  world.seeded = await world.google.control.seed({ redirectUris: [REDIRECT_URI] });
  temporal = createTemporalWorld();
  authorization = featureOf();
  world.authorization = authorization;
  world.told.length = 0;
  tenantId = await world.newTenant();
  await world.configure(0, tenantId);
  integrationId = (await world.orm.em.fork().findOneOrFail(IntegrationEntity, { tenantId })).id;
});
afterEach(async () => {
  const token = temporal.client.workflow.getHandle(tokenWorkflowId(integrationId));
  await token.terminate().catch(() => undefined);
  await temporal.close();
  expect(temporal.unexpected).toEqual([]);
});

const work = (feature = authorization) => temporal.start(createAuthorizationActivities(feature));
const workflow = () => temporal.client.workflow.getHandle(authorizationWorkflowId(integrationId));
const requestState = async (id: string) =>
  (await world.orm.em.fork().findOneOrFail(AuthorizationRequestEntity, { tenantId, id })).state;
const state = async () => (await authorization.view(world.actor, tenantId)).state;
const code = (expected: string) => expect.objectContaining({ code: expected });

/** Everything Temporal keeps of a workflow, decrypted. */
const decodedHistory = async (workflowId: string): Promise<string> => {
  const history = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  const [codec] = createDataConverter(temporal.keys).payloadCodecs ?? [];
  const texts: string[] = [];
  const visit = async (value: unknown): Promise<void> => {
    if (typeof value !== 'object' || value === null) return;
    const { metadata, data } = value as { metadata?: Record<string, Uint8Array>; data?: Uint8Array };
    if (metadata?.encoding) {
      const payload = { metadata, ...(data && { data }) };
      const isSealed = Buffer.from(metadata.encoding).toString() === 'binary/encrypted';
      const decoded = isSealed ? await codec?.decode([payload]) : [payload];
      for (const each of decoded ?? []) texts.push(Buffer.from(each.data ?? []).toString('utf8'));
      return;
    }
    for (const child of Object.values(value)) await visit(child);
  };
  await visit(history);
  return texts.join('\n');
};

describe('a consent', () => {
  test('ends in a grant, told to token upkeep and to what waited', async () => {
    await work();
    const { outcome } = await world.connect({}, tenantId);
    expect(outcome).toEqual({ state: 'authorized', generation: 1 });
    expect(await workflow().result()).toEqual({ state: 'authorized', generation: 1 });
    expect(world.told).toEqual([`resume ${tenantId}`]);
    const upkeep = await temporal.client.workflow.getHandle(tokenWorkflowId(integrationId)).describe();
    expect(upkeep.status.name).toBe('RUNNING');
    expect(await state()).toBe('active');
  });

  test('leaves no code, state, verifier, token, secret or person in any history', async () => {
    await work();
    const { answer, browserToken } = await world.walk({}, tenantId);
    await authorization.answer(answer);
    await workflow().result();
    const accessToken = await authorization.getAccessToken({ tenantId, purpose: 'mail' });
    const { clientSecret, clientId } = world.seeded.companies[0]?.client ?? { clientSecret: '', clientId: '' };
    const histories = [
      await decodedHistory(authorizationWorkflowId(integrationId)),
      await decodedHistory(tokenWorkflowId(integrationId)),
    ].join('\n');
    expect(histories).toContain(tenantId);
    const secrets = [answer.code, answer.state, browserToken, accessToken, clientSecret, clientId];
    for (const secret of [...secrets, world.seeded.companies[0]?.admin.email]) {
      expect(secret).toBeTruthy();
      expect(histories).not.toContain(secret);
    }
  });

  test('that is declined is a result', async () => {
    await work();
    await world.connect({ decision: 'cancel' }, tenantId);
    expect(await workflow().result()).toEqual({ state: 'refused', code: 'AUTHORIZATION_DENIED' });
    expect(world.told).toEqual([]);
  });

  test('that nobody answers expires, and its request with it', async () => {
    authorization = featureOf(400);
    await work();
    const { requestId } = await authorization.begin(world.actor, tenantId);
    expect(await workflow().result()).toEqual({ state: 'expired', code: 'AUTHORIZATION_EXPIRED' });
    expect(await requestState(requestId)).toBe('expired');
  });

  test('that was answered while Temporal was away is completed when its time is over', async () => {
    authorization = featureOf(1_500);
    world.authorization = authorization;
    await work();
    const { answer } = await world.walk({}, tenantId);
    const offline = world.feature({
      workflows: {
        ...createAuthorizationWorkflows(temporal.client, temporal.queues),
        complete: () => Promise.reject(new Error('down')),
      },
    });
    expect((await offline.answer(answer)).outcome).toBeUndefined();
    expect(await workflow().result()).toEqual({ state: 'authorized', generation: 1 });
  });

  test('begun again while one waits replaces it, in the same workflow', async () => {
    await work();
    const first = await world.walk({}, tenantId);
    const { runId } = (await workflow().describe()) as { runId: string };
    const second = await world.walk({}, tenantId);
    expect(((await workflow().describe()) as { runId: string }).runId).toBe(runId);
    await expect(authorization.answer(first.answer)).rejects.toEqual(code('AUTHORIZATION_SUPERSEDED'));
    expect((await authorization.answer(second.answer)).outcome).toMatchObject({ state: 'authorized' });
    expect(await workflow().result()).toMatchObject({ state: 'authorized' });
  });

  test('begun by ten at once is one: the last counts', async () => {
    await work();
    const begun = await Promise.all(Array.from({ length: 10 }, () => authorization.begin(world.actor, tenantId)));
    const states = await Promise.all(begun.map(({ requestId }) => requestState(requestId)));
    expect(states.filter((each) => each === 'pending')).toHaveLength(1);
    expect(states.filter((each) => each === 'superseded')).toHaveLength(9);
    await workflow().cancel();
    await expect(workflow().result()).rejects.toThrow();
  });

  test('can be begun again after it has ended', async () => {
    await work();
    await world.connect({ decision: 'cancel' }, tenantId);
    await workflow().result();
    expect((await world.connect({}, tenantId)).outcome).toEqual({ state: 'authorized', generation: 1 });
    expect((await world.connect({}, tenantId)).outcome).toEqual({ state: 'authorized', generation: 2 });
  });

  test('that is cancelled drops its request', async () => {
    await work();
    const { requestId } = await authorization.begin(world.actor, tenantId);
    await workflow().cancel();
    await expect(workflow().result()).rejects.toThrow();
    expect(await requestState(requestId)).toBe('cancelled');
  });

  test('waits out a Google that cannot answer now', async () => {
    await work();
    const { answer, requestId } = await world.walk({}, tenantId);
    await world.google.control.addFault({
      pathPrefix: '/token',
      kind: 'error',
      status: 503,
      reason: 'internal_failure',
      message: 'Busy',
      count: 2,
    });
    expect((await authorization.answer(answer)).outcome).toMatchObject({ state: 'authorized' });
    expect(await requestState(requestId)).toBe('authorized');
    expect(await world.tokenRequests()).toBe(3);
  });

  test('goes on in another worker when one ends between begin and answer', async () => {
    const first = await work();
    const { answer } = await world.walk({}, tenantId);
    await first.stop();
    await work();
    expect((await authorization.answer(answer)).outcome).toMatchObject({ state: 'authorized' });
  });

  test('of an integration without credentials is refused with what to do', async () => {
    await work();
    const workflows = createAuthorizationWorkflows(temporal.client, temporal.queues);
    const bare = { tenantId: await world.newTenant(), integrationId: crypto.randomUUID() };
    const request = { requestId: crypto.randomUUID(), redirectUri: REDIRECT_URI, requestedBy: 'administrator/1' };
    await expect(workflows.begin(bare, request)).rejects.toEqual(code('INTEGRATION_NOT_CONFIGURED'));
    const handle = temporal.client.workflow.getHandle(authorizationWorkflowId(bare.integrationId));
    expect(await handle.result()).toEqual({ state: 'failed', code: 'INTEGRATION_NOT_CONFIGURED' });
  });

  test('refuses an answer to a request that it does not know, without an activity', async () => {
    await work();
    await authorization.begin(world.actor, tenantId);
    const workflows = createAuthorizationWorkflows(temporal.client, temporal.queues);
    await expect(workflows.complete({ tenantId, integrationId }, { requestId: crypto.randomUUID() })).rejects.toEqual(
      code('AUTHORIZATION_UNKNOWN'),
    );
    await workflow().cancel();
    await expect(workflow().result()).rejects.toThrow();
  });
});
