import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let token: string;
let tenantId: string;

beforeAll(async () => {
  world = await createApiWorld();
  tenantId = (await world.newTenant()).id;
  token = await world.newToken(tenantId);
});
afterAll(() => world.close());

const sync = (person: string, change = {}) =>
  world.request(`/api/v1/tenants/${tenantId}/user-sync/users/${encodeURIComponent(person)}`, {
    ...{ method: 'POST', token, ...change },
  });

describe('synchronizing one person', () => {
  test('before a mode was chosen says what to do first', async () => {
    const answer = await sync('ada@acme.example');
    expect(answer).toMatchObject({ status: 409, body: { code: 'SYNC_NOT_CONFIGURED' } });
    await world.request(`/api/v1/tenants/${tenantId}/user-sync`, {
      ...{ method: 'PUT', token, json: { mode: 'manual' }, headers: { 'if-match': '"0"' } },
    });
  });

  test('makes a run, which takes the next ones along, and tells who asked', async () => {
    const first = await sync('Ada@Acme.example');
    expect(first).toMatchObject({ status: 202, body: { id: expect.any(String) } });
    expect(await sync('112233445566')).toMatchObject({ status: 200, body: first.body });
    const run = await world.request(`/api/v1/tenants/${tenantId}/user-sync/runs/${first.body.id}`, { token });
    expect(run.body).toMatchObject({ trigger: 'one-user', partial: true, requestedBy: 'A test', state: 'reading' });
    const audit = await world.request(`/api/v1/tenants/${tenantId}/audit`, { token });
    expect(audit.body.items).toMatchObject([
      { action: 'user-sync.person-requested', details: { person: '112233445566' } },
      { action: 'user-sync.person-requested', details: { person: 'Ada@Acme.example' } },
      {},
      {},
    ]);
  });

  test('works while a sync of everybody runs', async () => {
    await world.request(`/api/v1/tenants/${tenantId}/user-sync/runs`, { method: 'POST', token });
    expect((await sync('eve@acme.example')).status).toBe(200);
  });

  test('takes an e-mail address or a Google id and nothing else', async () => {
    for (const person of ['ada', '1234', '../../etc', 'a b@acme.example', '@', 'x'.repeat(300)]) {
      expect(await sync(person)).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
    }
  });

  test('needs the scope admin', async () => {
    expect((await sync('ada@acme.example', { token: await world.newToken(tenantId, 'read') })).status).toBe(403);
  });
});

describe('the form on the tab USER SYNC', () => {
  test('leads to the run, and shows what to mend beside the field', async () => {
    const tenant = await world.newTenant();
    const administrator = await world.newAdministrator(tenant.id);
    const cookie = await world.signIn({ ...administrator, domain: tenant.sipDomain });
    const headers = { 'sec-fetch-site': 'same-origin', accept: 'text/html' };
    const base = `/tenants/${tenant.id}/google-workspace/user-sync`;
    const post = (person: string) => world.request(`${base}/people`, { cookie, headers, form: { person } });

    expect((await world.request(base, { cookie, headers })).text).not.toContain('Synchronize one person now');
    expect((await post('ada@acme.example')).text).toContain('Choose a sync mode');
    await world.request(`/api/v1/tenants/${tenant.id}/user-sync`, {
      ...{ method: 'PUT', token: world.systemToken, json: { mode: 'manual' }, headers: { 'if-match': '"0"' } },
    });
    expect((await world.request(base, { cookie, headers })).text).toContain('Synchronize one person now');
    const refused = await post('ada');
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('id="person-error"');
    expect(refused.text).toContain('value="ada"');
    const accepted = await post('ada@acme.example');
    expect(accepted.status).toBe(303);
    expect(accepted.headers.get('location')).toMatch(new RegExp(`^${base}/runs/[0-9a-f-]{36}$`));
    expect((await world.request(accepted.headers.get('location') ?? '', { cookie, headers })).status).toBe(200);
  });
});
