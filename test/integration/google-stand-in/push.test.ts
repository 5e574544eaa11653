import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { admin_directory_v1 as v1 } from '@googleapis/admin';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery } from '../../../tools/google-stand-in/index.ts';
import { connect, directoryOf, type Seeded, startSeeded } from './connected.ts';

type Message = { headers: IncomingHttpHeaders; body: string };

let google: Seeded;
let directory: v1.Admin;
let receiver: Server;
let address: string;
let messages: Message[];
let answers: number[];
let arrived: (() => void) | undefined;
let channelNumber = 0;

beforeAll(async () => {
  google = await startSeeded();
  directory = directoryOf(google.url, await connect(google.url, google.acme));
  await google.control.changeSettings({ notificationRetryMs: 5 });
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.writeHead(answers.shift() ?? 204).end();
    messages.push({ headers: request.headers, body });
    arrived?.();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/google/notifications`;
});
beforeEach(() => {
  messages = [];
  answers = [];
});
afterEach(async () => {
  expect(await google.control.violations()).toEqual([]);
});
afterAll(async () => {
  await google.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

async function received(count: number): Promise<Message[]> {
  while (messages.length < count) {
    await new Promise<void>((resolve) => {
      arrived = resolve;
    });
  }
  return messages;
}

async function watch(event?: string, more: Partial<v1.Schema$Channel> = {}): Promise<v1.Schema$Channel> {
  channelNumber += 1;
  const requestBody = { id: `channel-${channelNumber}`, type: 'web_hook', address, token: 'channel-secret', ...more };
  const { data } = await directory.users.watch({ customer: 'my_customer', ...(event && { event }), requestBody });
  return data;
}

const stop = ({ id, resourceId }: v1.Schema$Channel) =>
  directory.channels.stop({ requestBody: { id: id ?? '', resourceId: resourceId ?? '' } });

async function settled(channel: v1.Schema$Channel): Promise<Delivery | undefined> {
  for (;;) {
    const delivery = (await google.control.notifications()).find(({ channelId }) => channelId === channel.id);
    if (delivery?.outcome !== 'pending') return delivery;
  }
}

describe('a channel', () => {
  test('begins with a sync message and then tells each change with nothing but who', async () => {
    const channel = await watch();
    const { id } = await google.control.addPerson({ primaryEmail: 'push@acme.example', givenName: 'Push' });
    await received(2);
    await google.control.suspend({ person: id });
    await google.control.deletePerson({ person: id });
    const [sync, added, ...rest] = await received(4);
    expect(sync?.headers).toMatchObject({
      'x-goog-channel-id': channel.id,
      'x-goog-channel-token': 'channel-secret',
      'x-goog-resource-id': channel.resourceId,
      'x-goog-resource-state': 'sync',
      'x-goog-message-number': '1',
    });
    expect(added?.headers['x-goog-resource-state']).toBe('add');
    expect(JSON.parse(added?.body ?? '')).toEqual({
      kind: 'admin#directory#user',
      id,
      etag: expect.any(String),
      primaryEmail: 'push@acme.example',
    });
    expect(rest.map(({ headers }) => headers['x-goog-resource-state']).sort()).toEqual(['delete', 'update']);
    const numbers = (await google.control.notifications())
      .filter(({ channelId }) => channelId === channel.id)
      .map(({ messageNumber }) => messageNumber);
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    await stop(channel);
  });

  test('tells only the event it was made for, and nothing once stopped', async () => {
    const channel = await watch('delete');
    await received(1);
    const { id } = await google.control.addPerson({ primaryEmail: 'only@acme.example' });
    await google.control.deletePerson({ person: id });
    expect((await received(2)).map(({ headers }) => headers['x-goog-resource-state'])).toEqual(['sync', 'delete']);
    await stop(channel);
    const sent = (await google.control.notifications()).length;
    const again = await google.control.addPerson({ primaryEmail: 'only@acme.example' });
    await google.control.deletePerson({ person: again.id });
    expect(await google.control.notifications()).toHaveLength(sent);
    await expect(stop(channel)).rejects.toMatchObject({ status: 404 });
  });

  test('is told again after 503 and 500, and not after 400', async () => {
    answers = [503, 500, 204];
    const retried = await watch();
    expect(await settled(retried)).toMatchObject({ outcome: 'delivered', attempts: 3, messageNumber: 1 });
    answers = [400];
    const refused = await watch();
    expect(await settled(refused)).toMatchObject({ outcome: 'failed', attempts: 1, status: 400 });
    expect(messages).toHaveLength(4);
    await stop(retried);
    await stop(refused);
  });

  test('lives as long as asked, but never longer than Google allows', async () => {
    const inAnHour = await watch('update', { params: { ttl: '3600' } });
    const inAMonth = await watch('update', { params: { ttl: String(30 * 86_400) } });
    const hours = ({ expiration }: v1.Schema$Channel) => Math.round((Number(expiration) - Date.now()) / 360_000) / 10;
    expect([hours(inAnHour), hours(inAMonth)]).toEqual([1, 6]);
  });
});

test.each([
  ['an id that was used before', { id: 'channel-1' }, 'channelIdNotUnique'],
  ['plain http to another machine', { address: 'http://pbx.example/hook' }, 'push.webhookUrlNotHttps'],
  ['another kind of channel', { type: 'web_socket' }, 'unknownType'],
  ['a token beyond 256 characters', { token: 'x'.repeat(257) }, 'invalid'],
])('%s is refused', async (_, more, reason) => {
  await expect(watch('add', more)).rejects.toMatchObject({
    status: 400,
    response: { data: { error: { errors: [{ reason }] } } },
  });
});

test('nothing is ever sent to another machine', async () => {
  const channel = await watch('add', { address: 'https://pbx.example/hook' });
  expect((await google.control.notifications()).at(-1)).toMatchObject({
    channelId: channel.id,
    outcome: 'refused-address',
    attempts: 0,
  });
});
