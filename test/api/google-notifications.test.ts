import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { UserSync } from '../../src/user-sync/index.ts';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';
import { stepControl } from '../support/sync-world.ts';

let world: ApiWorld;
let tenantId: string;
let token: string;

beforeAll(async () => {
  world = await createApiWorld();
  tenantId = (await world.newTenant()).id;
  token = await world.newToken(tenantId);
});
afterAll(() => world.close());

const automatic = async () => {
  const answer = await world.request(`/api/v1/tenants/${tenantId}/user-sync`, {
    ...{ method: 'PUT', token, json: { mode: 'automatic' }, headers: { 'if-match': '"0"' } },
  });
  expect(answer.status).toBe(200);
};
const push = () => world.request(`/api/v1/tenants/${tenantId}/user-sync/push`, { token });
const keep = () => (world.dependencies.userSync as UserSync).push.keep({ tenantId }, stepControl());
const runs = async () => (await world.request(`/api/v1/tenants/${tenantId}/user-sync/runs`, { token })).body.items;

const headersOf = (event = 'update') => {
  const channel = world.channels.live.find((one) => one.event === event);
  return {
    'x-goog-channel-id': channel?.id ?? '',
    'x-goog-channel-token': channel?.token ?? '',
    'x-goog-resource-id': `resource-${event}`,
    'x-goog-resource-state': event,
    'x-goog-message-number': '7',
    // As Google sends it; a browser’s guard against other sites must not stand in the way.
    'content-type': 'application/json; utf-8',
  };
};
const tell = (headers: Record<string, string>, body: unknown = { kind: 'admin#directory#user', id: '123456789' }) =>
  world.app.request('/google/notifications', {
    method: 'POST',
    headers,
    body: body === '' ? '' : JSON.stringify(body),
  });

describe('whether Google tells of changes', () => {
  test('is read with its reason, and begins with the automatic mode', async () => {
    expect((await push()).body).toMatchObject({ state: 'not-possible', problem: { code: 'PUSH_NOT_AUTOMATIC' } });
    await automatic();
    expect((await push()).body).toEqual({ state: 'starting', problem: null, channels: [] });
    await keep();
    expect((await push()).body).toMatchObject({
      state: 'unproven',
      channels: [
        { event: 'add', provenAt: null },
        { event: 'undelete', provenAt: null },
        { event: 'update', provenAt: null },
      ],
    });
  });

  test('stands on the page of the tab USER SYNC', async () => {
    const administrator = await world.newAdministrator();
    const cookie = await world.signIn(administrator);
    const answer = await world.request(`/tenants/${tenantId}/google-workspace/user-sync`, {
      ...{ cookie, headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' } },
    });
    expect(answer.text).toContain('Changes as they happen');
    expect(answer.text).toContain('Waiting for Google’s first message');
  });
});

describe('a message of Google', () => {
  test('of the channel itself proves it', async () => {
    const answer = await tell({ ...headersOf(), 'x-goog-resource-state': 'sync' }, '');
    expect(answer.status).toBe(200);
    expect((await push()).body.state).toBe('on');
    expect(await runs()).toEqual([]);
  });

  test('of a changed person is answered 204, without a body, and has the person read', async () => {
    const answer = await tell(headersOf());
    expect(answer.status).toBe(204);
    expect(await answer.text()).toBe('');
    expect(await runs()).toMatchObject([{ trigger: 'push', state: 'reading', partial: true, requestedBy: null }]);
  });

  test.each([
    ['a wrong token', { 'x-goog-channel-token': 'wrong' }],
    ['no token', { 'x-goog-channel-token': '' }],
    ['another channel’s id', { 'x-goog-channel-id': 'add' }],
    ['an unknown channel', { 'x-goog-channel-id': '00000000-0000-4000-8000-000000000000' }],
    ['a channel id that is none', { 'x-goog-channel-id': "x' or 1=1" }],
    ['another resource', { 'x-goog-resource-id': 'elsewhere' }],
  ])('with %s is 404, like any address that is not there', async (_, change: Record<string, string>) => {
    const headers = { ...headersOf(), ...change };
    if (headers['x-goog-channel-id'] === 'add') headers['x-goog-channel-id'] = headersOf('add')['x-goog-channel-id'];
    const answer = await tell(headers);
    const elsewhere = await world.app.request('/google/nowhere', { method: 'POST', headers: headersOf() });
    const bodies = [(await answer.json()) as object, (await elsewhere.json()) as object];
    expect([answer.status, elsewhere.status]).toEqual([404, 404]);
    expect({ ...bodies[0], requestId: '' }).toEqual({ ...bodies[1], requestId: '' });
  });

  test.each([
    ['no JSON', 'not json'],
    ['no person', {}],
    ['a person that is no Google id', { id: "1'; drop table tenants" }],
    ['a list', [1]],
  ])('with %s in its body is taken and does nothing', async (_, body) => {
    const before = await runs();
    expect((await tell(headersOf('add'), body)).status).toBe(204);
    expect(await runs()).toEqual(before);
  });

  test('that is too large is refused', async () => {
    expect((await tell(headersOf(), { id: '1', more: 'x'.repeat(70_000) })).status).toBe(413);
  });

  test('a thousand times over, of many people, is at most one run; what is too much is told to come again', async () => {
    const before = (await runs()).length;
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          tell(headersOf(['add', 'update'][i % 2]), { id: String(5_000 + n * 50 + i) }),
        ),
      );
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses.filter((status) => status !== 204 && status !== 503)).toEqual([]);
    expect(statuses.filter((status) => status === 204).length).toBeGreaterThan(300);
    expect((await runs()).length - before).toBeLessThanOrEqual(1);
  });

  test('while the database is away is answered 503, and Google sends it again', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const away = await createApiWorld({
      userSync: { ...world.dependencies.userSync, push: { receive: () => Promise.reject(refused) } },
    });
    const answer = await away.app.request('/google/notifications', {
      method: 'POST',
      headers: headersOf(),
      body: '{}',
    });
    expect(answer.status).toBe(503);
    await away.close();
  });

  test('leaves nothing of its token in the log', () => {
    const log = JSON.stringify(world.logged);
    expect(log).toContain('/google/notifications');
    for (const { token: secret } of world.channels.opened) expect(log).not.toContain(secret);
  });
});
