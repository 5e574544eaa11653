import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BOOTSTRAP_ACTOR } from '../../../src/tenants/index.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';
import { connect, type Seeded, startSeeded } from '../google-stand-in/connected.ts';

let google: Seeded;
let world: SyncWorld;

beforeEach(async () => {
  const small = { people: 5, suspended: 0, archived: 0 };
  google = await startSeeded({
    companies: [
      { domain: 'acme.example', ...small },
      { domain: 'borealis.example', ...small },
    ],
  });
  await google.control.changeSettings({ administratorsResell: true });
  const oauth = await connect(google.url, google.acme);
  const { customerId } = google.acme;
  const accessToken = oauth.credentials.access_token ?? '';
  world = await createSyncWorld({ google: { url: google.url, accessToken, customerId } });
});
afterEach(async () => {
  await Promise.all([google.close(), world.close()]);
});

const everybody = () => world.people.list({ tenantId: world.tenantId, limit: 500 });
const rowsOf = async (...keys: string[]) => {
  const runId = await world.runPeople(...keys);
  const rows = await world.userSync.runs.listChanges({ tenantId: world.tenantId, runId, limit: 50 });
  return rows.map(({ action, reason }) => [action, reason]).toSorted();
};

describe('an administrator who resells another company', () => {
  test('brings nobody of it into the PBX by address or id, and the run says why', async () => {
    const { email, id } = google.borealis.user;
    expect(await rowsOf(email, id, google.acme.user.email)).toEqual([
      ['create', 'new-person'],
      ['skip', 'other-company'],
      ['skip', 'other-company'],
    ]);
    expect((await everybody()).map((one) => one.email)).toEqual([google.acme.user.email]);
  });

  test('cannot bind somebody of it by hand', async () => {
    const { id: userId } = await world.people.create({
      ...{ tenantId: world.tenantId, displayName: 'Desk', email: null, extensionNumber: '3000' },
    } as never);
    const pair = { tenantId: world.tenantId, userId, signal: new AbortController().signal };
    await expect(
      world.userSync.bindings.add(BOOTSTRAP_ACTOR, { ...pair, googleId: google.borealis.user.id }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    const bound = await world.userSync.bindings.add(BOOTSTRAP_ACTOR, { ...pair, googleId: google.acme.user.id });
    expect(bound).toMatchObject({ google_id: google.acme.user.id });
  });

  test('reads everybody of the own company', async () => {
    await world.runOnce();
    expect((await everybody()).every(({ email }) => email?.endsWith('@acme.example'))).toBe(true);
  });
});

test('without a known customer everybody whom Google tells of is read', async () => {
  world.access.getCustomerId = async () => undefined;
  expect(await rowsOf(google.borealis.user.email)).toEqual([['create', 'new-person']]);
});
