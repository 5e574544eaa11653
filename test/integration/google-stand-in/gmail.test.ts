import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type Seeded, sendScope, startSeeded } from './connected.ts';

let google: Seeded;
let accessToken: string;

beforeAll(async () => {
  google = await startSeeded();
  accessToken =
    (await connect(google.url, google.acme, { scopes: ['openid', 'email', sendScope] })).credentials.access_token ?? '';
});
afterEach(async () => {
  expect(await google.control.violations()).toEqual([]);
});
afterAll(() => google.close());

const mail = (headers: string[], body = 'Hello') => `${headers.join('\r\n')}\r\n\r\n${body}`;

const greeting = mail([
  'From: Reception <admin@acme.example>',
  'To: "Kim, Mina" <mina@acme.example>, ops@borealis.example',
  'Bcc: hidden@acme.example',
  'Subject: =?UTF-8?B?8J+ThyBOYWNocmljaHQ=?=',
  'Message-ID: <one@pbx.example>',
]);

async function call(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; body: Record<string, never> }> {
  const response = await fetch(`${google.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${accessToken}`, ...init.headers },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} };
}

const send = (raw: string, path = '/gmail/v1/users/me/messages/send') =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ raw: Buffer.from(raw).toString('base64url') }),
  });

const lastMail = async () => (await google.control.outbox()).at(-1);

describe('a message', () => {
  test('sent as JSON reaches everyone named, Bcc too, which nobody sees', async () => {
    const { status, body } = await send(greeting);
    expect(status).toBe(200);
    expect(body).toMatchObject({ labelIds: ['SENT'] });
    const sent = await lastMail();
    expect(sent).toMatchObject({
      id: body.id,
      from: 'Reception <admin@acme.example>',
      recipients: ['mina@acme.example', 'ops@borealis.example', 'hidden@acme.example'],
      subject: '📇 Nachricht',
      messageId: '<one@pbx.example>',
      via: 'json',
    });
    expect(sent?.headers.map(({ name }) => name)).not.toContain('Bcc');
  });

  test('sent as media, multipart and resumable upload arrives unchanged, inner boundaries included', async () => {
    const inner = '--inner\r\nContent-Type: text/plain\r\n\r\nHello\r\n--inner--\r\n';
    const raw = mail(['To: a@acme.example', 'From: admin@acme.example', 'Message-ID: <two@pbx.example>'], inner);
    const upload = '/upload/gmail/v1/users/me/messages/send';
    const type = { 'content-type': 'message/rfc822' };
    const outcomes = [await call(`${upload}?uploadType=media`, { method: 'POST', headers: type, body: raw })];
    outcomes.push(
      await call(`${upload}?uploadType=multipart`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/related; boundary="b+1"' },
        body: `--b+1\r\nContent-Type: application/json\r\n\r\n{"threadId":"t1"}\r\n--b+1\r\nContent-Type: message/rfc822\r\n\r\n${raw}\r\n--b+1--`,
      }),
    );
    const resumable = await call('/resumable/upload/gmail/v1/users/me/messages/send?uploadType=resumable', {
      method: 'POST',
    });
    const target = new URL(resumable.headers.get('location') ?? '');
    const half = Math.floor(raw.length / 2);
    const part = (from: number, to: number) => ({
      method: 'PUT',
      headers: { 'content-range': `bytes ${from}-${to - 1}/${raw.length}` },
      body: raw.slice(from, to),
    });
    const first = await call(target.pathname + target.search, part(0, half));
    expect([first.status, first.headers.get('range')]).toEqual([308, `bytes=0-${half - 1}`]);
    outcomes.push(await call(target.pathname + target.search, part(half, raw.length)));

    for (const { status, body } of outcomes) {
      expect(status).toBe(200);
      const arrived = await (await fetch(`${google.url}/_control/outbox/${body.id}/raw`)).text();
      expect(arrived.slice(arrived.indexOf('\r\n\r\n') + 4)).toBe(inner);
    }
    expect((await google.control.outbox()).slice(-3).map(({ via }) => via)).toEqual([
      'media',
      'multipart',
      'resumable',
    ]);
    expect(outcomes[1]?.body.threadId).toBe('t1');
  });

  test('from another address is rewritten without a word, unless that is a verified alias', async () => {
    const foreign = mail(['To: a@acme.example', 'From: Voicemail <voicemail@acme.example>']);
    await send(foreign);
    expect((await lastMail())?.from).toBe('Voicemail <admin@acme.example>');
    await google.control.changePerson({
      person: google.acme.admin.email,
      change: { sendAs: ['voicemail@acme.example'] },
    });
    await send(foreign);
    expect((await lastMail())?.from).toBe('Voicemail <voicemail@acme.example>');
  });

  test.each([
    ['no recipient', mail(['Subject: x']), 400, 'invalidArgument', 'Recipient address required'],
    ['a broken recipient', mail(['To: someone at acme']), 400, 'invalidArgument', 'Invalid To header'],
    [
      'nothing at all',
      '',
      400,
      'invalidArgument',
      "'raw' RFC822 payload message string or uploading message via /upload/* URL required",
    ],
  ])('with %s is refused', async (_, raw, status, reason, message) => {
    const before = (await google.control.outbox()).length;
    expect(await send(raw)).toMatchObject({ status, body: { error: { errors: [{ reason, message }] } } });
    expect(await google.control.outbox()).toHaveLength(before);
  });

  test('beyond 35 MiB is refused', async () => {
    const { status } = await call('/upload/gmail/v1/users/me/messages/send?uploadType=media', {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: mail(['To: a@acme.example'], 'x'.repeat(36_700_160)),
    });
    expect(status).toBe(413);
  });

  test('whose answer is lost was sent all the same', async () => {
    const before = (await google.control.outbox()).length;
    await google.control.addFault({ pathPrefix: '/gmail', kind: 'lose-answer', count: 1 });
    await expect(send(greeting)).rejects.toThrow();
    expect(await google.control.outbox()).toHaveLength(before + 1);
  });
});

test('gmail.send neither reads the profile nor lists aliases, and sends for nobody else', async () => {
  for (const path of ['/gmail/v1/users/me/profile', '/gmail/v1/users/me/settings/sendAs']) {
    expect(await call(path)).toMatchObject({
      status: 403,
      body: { error: { errors: [{ reason: 'insufficientPermissions' }] } },
    });
  }
  const other = await send(greeting, '/gmail/v1/users/user@acme.example/messages/send');
  expect(other).toMatchObject({
    status: 403,
    body: { error: { message: 'Delegation denied for admin@acme.example' } },
  });
});

test('a person without a mailbox gets failedPrecondition', async () => {
  await google.control.changePerson({ person: google.acme.admin.email, change: { isMailboxSetup: false } });
  expect(await send(greeting)).toMatchObject({
    status: 400,
    body: { error: { errors: [{ reason: 'failedPrecondition', message: 'Mail service not enabled' }] } },
  });
  await google.control.changePerson({ person: google.acme.admin.email, change: { isMailboxSetup: true } });
});

test('the outbox page shows mail as text and runs nothing of it', async () => {
  await send(mail(['To: a@acme.example', 'Subject: <script>alert(1)</script>'], '<script>alert(2)</script>'));
  const list = await (await fetch(`${google.url}/_control/outbox`)).text();
  const one = await (await fetch(`${google.url}/_control/outbox/${(await lastMail())?.id}`)).text();
  expect(list).toContain('&lt;script&gt;alert(1)');
  expect(one).toContain('&lt;script&gt;alert(2)');
  expect(list + one).not.toContain('<script');
});
