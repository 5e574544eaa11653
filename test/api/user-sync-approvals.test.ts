import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';
import { peopleFrom } from '../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';

let sync: SyncWorld;
let world: ApiWorld;
let token: string;
beforeEach(async () => {
  sync = await createSyncWorld();
  world = await createApiWorld({ userSync: sync.userSync }, {}, sync.databaseUrl);
  token = await world.newToken(sync.tenantId);
  sync.directory.people = peopleFrom(1, 30);
  await sync.runOnce();
  sync.directory.people = peopleFrom(1, 15);
  await sync.runOnce();
});
afterEach(async () => {
  await world.close();
  await sync.close();
});

const base = () => `/api/v1/tenants/${sync.tenantId}/user-sync`;
const pending = async () =>
  (await world.request(`${base()}/approvals?state=pending`, { token })).body.items[0] as { id: string };

describe('removals that were held back', () => {
  test('are listed, and told one by one with their plan', async () => {
    const { id } = await pending();
    const answer = await world.request(`${base()}/approvals/${id}`, { token });
    expect(answer.body).toMatchObject({ state: 'pending', reason: 'too-many', removals: 15, decidedBy: null });
    expect(answer.body.changes).toHaveLength(15);
    expect(answer.body.changes[0]).toMatchObject({
      action: 'disable',
      status: 'held',
      reason: 'deleted-in-google',
      before: { enabled: true },
      after: { enabled: false },
    });
  });

  test('are approved once, with who did it in the audit log', async () => {
    const { id } = await pending();
    const approved = await world.request(`${base()}/approvals/${id}/approve`, { method: 'POST', token });
    expect(approved).toMatchObject({ status: 202, body: { state: 'approved', decidedBy: 'A test' } });
    const again = await world.request(`${base()}/approvals/${id}/reject`, { method: 'POST', token });
    expect(again).toMatchObject({ status: 409, body: { code: 'APPROVAL_DECIDED' } });
    const audit = await world.request(`/api/v1/tenants/${sync.tenantId}/audit`, { token });
    expect(audit.body.items[0]).toMatchObject({
      action: 'user-sync.removals-approved',
      target: { kind: 'approval', id },
      details: { removals: 15 },
    });
  });

  test('are decided on by administrators only, and exist for their tenant only', async () => {
    const { id } = await pending();
    const reader = await world.newToken(sync.tenantId, 'read');
    const path = `${base()}/approvals/${id}/approve`;
    expect(await world.request(path, { method: 'POST', token: reader })).toMatchObject({ status: 403 });
    const stranger = await world.newToken((await world.newTenant('Other')).id);
    expect(await world.request(path, { method: 'POST', token: stranger })).toMatchObject({ status: 404 });
    expect(await world.request(`${base()}/approvals/${randomUUID()}`, { token })).toMatchObject({ status: 404 });
  });

  test('have a page that names the people and takes both answers', async () => {
    const { id } = await pending();
    const administrator = await world.newAdministrator();
    const cookie = await world.signIn(administrator);
    const headers = { 'sec-fetch-site': 'same-origin', accept: 'text/html' };
    const root = `/tenants/${sync.tenantId}/google-workspace/user-sync`;
    const overview = await world.request(root, { cookie, headers });
    expect(overview.text).toContain('15 people would lose the extension');
    const shown = await world.request(`${root}/approvals/${id}`, { cookie, headers });
    expect(shown.text).toContain('Person No 16');
    const rejected = await world.request(`${root}/approvals/${id}/reject`, { method: 'POST', cookie, headers });
    expect(rejected.status).toBe(303);
    const refused = await world.request(`${root}/approvals/${id}/reject`, { method: 'POST', cookie, headers });
    expect(refused).toMatchObject({ status: 409, text: expect.stringContaining('rejected already') });
  });
});

describe('one person explained', () => {
  const explain = (user: string) => world.request(`${base()}/explain?user=${encodeURIComponent(user)}`, { token });

  test('by address, Google id or number: why this number, what would happen now, what happened', async () => {
    const byAddress = await explain('PERSON3@acme.example');
    expect(byAddress.body).toMatchObject({
      googleId: '100000003',
      displayName: 'Person No 3',
      listed: true,
      inScope: true,
      enabled: true,
      verdict: { action: 'none', reason: null },
      number: { extensionNumber: '1002', from: 'first-free', runId: expect.any(String) },
      history: [{ action: 'create', status: 'done', reason: 'new-person', extensionNumber: '1002' }],
    });
    expect((await explain('100000003')).body).toEqual(byAddress.body);
    expect((await explain('1002')).body).toEqual(byAddress.body);
  });

  test('says why somebody is about to lose the extension', async () => {
    expect((await explain('person20@acme.example')).body).toMatchObject({
      listed: false,
      verdict: { action: 'disable', reason: 'deleted-in-google' },
      history: [{ action: 'disable', status: 'held' }, { action: 'create' }],
    });
  });

  test('says why somebody is not synchronized', async () => {
    const scope = { type: 'except', users: ['person4@acme.example'], orgUnits: [], groups: [], domains: [] } as const;
    await sync.userSync.settings.save({ tenantId: sync.tenantId, change: { scope } });
    expect((await explain('person4@acme.example')).body).toMatchObject({
      inScope: false,
      verdict: { action: 'disable', reason: 'out-of-scope' },
    });
  });

  test('names whom nobody knows', async () => {
    expect(await explain('nobody@acme.example')).toMatchObject({ status: 404 });
    expect(await world.request(`${base()}/explain`, { token })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'user' }] },
    });
  });
});
