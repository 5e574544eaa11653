import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createGoogleChannels, type GoogleChannels } from '../../../src/google/channels.ts';
import { createGoogleDirectory } from '../../../src/google/directory.ts';
import { endpointsAt } from '../../support/in-line-authorization.ts';
import { connect, directoryScope, type Seeded, startSeeded } from '../google-stand-in/connected.ts';

let google: Seeded;
let channels: GoogleChannels;
let accessToken: string;

beforeAll(async () => {
  google = await startSeeded();
  channels = createGoogleChannels(endpointsAt(google.url));
  const oauth = await connect(google.url, google.acme, { scopes: ['openid', 'email', directoryScope] });
  accessToken = oauth.credentials.access_token ?? '';
});
afterAll(async () => {
  expect(await google.control.violations()).toEqual([]);
  await google.close();
});

const request = (change = {}) => ({
  ...{ accessToken, id: crypto.randomUUID(), token: 'secret', event: 'update' as const, ttlSeconds: 3_600 },
  ...{ address: 'http://127.0.0.1:9/google/notifications', signal: new AbortController().signal },
  ...change,
});
const hoursUntil = (at: Date) => Math.round((at.getTime() - Date.now()) / 360_000) / 10;

describe('a channel', () => {
  test('lives as long as Google says, which may be shorter than asked for', async () => {
    expect(hoursUntil((await channels.open(request())).expiresAt)).toBe(1);
    expect(hoursUntil((await channels.open(request({ ttlSeconds: 7 * 86_400 }))).expiresAt)).toBe(6);
  });

  test('is stopped once; stopping it again says that it is not there', async () => {
    const one = request();
    const { resourceId } = await channels.open(one);
    const stop = () => channels.stop({ accessToken, id: one.id, resourceId, signal: one.signal });
    await stop();
    await expect(stop()).rejects.toMatchObject({ code: 'GOOGLE_NOT_FOUND' });
  });

  test('to an address that Google does not take is refused with what to do', async () => {
    const refused = channels.open(request({ address: 'http://pbx.example/google/notifications' }));
    await expect(refused).rejects.toMatchObject({
      code: 'GOOGLE_PUSH_REFUSED',
      publicMessage: expect.stringContaining('PUBLIC_URL'),
    });
  });

  test('with a token that Google refuses says so', async () => {
    await expect(channels.open(request({ accessToken: 'gone' }))).rejects.toMatchObject({
      code: 'GOOGLE_TOKEN_REJECTED',
    });
  });
});

describe('one person', () => {
  const get = (userKey: string) => createGoogleDirectory(endpointsAt(google.url)).getUser({ accessToken, userKey });

  test('is read by Google id and by address', async () => {
    const { id } = await google.control.addPerson({ primaryEmail: 'one@acme.example', givenName: 'One' });
    expect(await get(id)).toMatchObject({ id, primaryEmail: 'one@acme.example' });
    expect(await get('One@acme.example')).toMatchObject({ id });
    await google.control.suspend({ person: id });
    expect(await get(id)).toMatchObject({ suspended: true });
    await google.control.deletePerson({ person: id });
    await expect(get(id)).rejects.toMatchObject({ code: 'GOOGLE_NOT_FOUND' });
  });

  test('who is nobody is not found', async () => {
    await expect(get('nobody@acme.example')).rejects.toMatchObject({ code: 'GOOGLE_NOT_FOUND' });
  });
});
