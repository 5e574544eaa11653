import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';

let world: ApiWorld;

beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());

const tenantInput = (sipDomain: string) => ({
  name: 'Acme',
  sipDomain,
  timeZone: 'Europe/Berlin',
  firstExtension: 2000,
});

describe('tenants', () => {
  test('creates a tenant, lists it and tells its version', async () => {
    const token = world.systemToken;
    const created = await world.request('/api/v1/tenants', { token, json: tenantInput('One.Example') });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ name: 'Acme', sipDomain: 'one.example', firstExtension: 2000, version: 1 });
    expect(created.headers.get('location')).toBe(`/api/v1/tenants/${created.body.id}`);

    const read = await world.request(`/api/v1/tenants/${created.body.id}`, { token });
    expect(read.headers.get('etag')).toBe('"1"');
    const list = await world.request('/api/v1/tenants?q=one.ex', { token });
    expect(list.body).toEqual({ items: [created.body], nextCursor: null });
  });

  test('names every wrong field and its fix at once', async () => {
    const answer = await world.request('/api/v1/tenants', {
      token: world.systemToken,
      json: { sipDomain: 'sip:acme', timeZone: 'Mars/Olympus', firstExtension: 12, extensionLimit: -1 },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', status: 400, title: 'Bad Request' });
    expect(answer.body.errors).toEqual([
      { field: 'name', message: 'This is required.' },
      { field: 'sipDomain', message: expect.stringContaining('acme.pbx.example.com') },
      { field: 'timeZone', message: expect.stringContaining('Europe/Berlin') },
      { field: 'firstExtension', message: expect.stringContaining('3 to 13 digits') },
      { field: 'extensionLimit', message: expect.stringContaining('whole number') },
    ]);
  });

  test('refuses a SIP domain that another tenant has, in whatever case', async () => {
    const token = world.systemToken;
    await world.request('/api/v1/tenants', { token, json: tenantInput('taken.example') });
    const answer = await world.request('/api/v1/tenants', { token, json: tenantInput('TAKEN.example') });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'CONFLICT', errors: [{ field: 'sipDomain' }] });
  });

  test('wants If-Match for a change, and refuses one made from an older version', async () => {
    const token = world.systemToken;
    const { id } = await world.newTenant();
    const path = `/api/v1/tenants/${id}`;
    const change = (name: string, ifMatch?: string) =>
      world.request(path, { method: 'PATCH', token, json: { name }, headers: ifMatch ? { 'if-match': ifMatch } : {} });

    expect((await change('No version')).status).toBe(428);
    const first = await change('First', '"1"');
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).toBe('"2"');
    const second = await change('Second', '"1"');
    expect(second.status).toBe(412);
    expect(second.body.code).toBe('STALE_WRITE');
    expect((await world.request(path, { token })).body.name).toBe('First');
  });

  test('gives every tenant once when a list is read page by page', async () => {
    const own = await createApiWorld();
    try {
      for (let n = 0; n < 7; n++) await own.newTenant(n < 4 ? 'Same name' : `Name ${n}`);
      const seen: string[] = [];
      let cursor: string | null = null;
      let pages = 0;
      do {
        const query: string = cursor ? `?limit=3&cursor=${cursor}` : '?limit=3';
        const { body } = await own.request(`/api/v1/tenants${query}`, { token: own.systemToken });
        seen.push(...body.items.map((item: { id: string }) => item.id));
        cursor = body.nextCursor;
        pages++;
      } while (cursor);
      expect(pages).toBe(3);
      expect(new Set(seen).size).toBe(7);
      expect(seen).toHaveLength(7);
    } finally {
      await own.close();
    }
  });

  test('refuses a made-up cursor and a page of more than 500', async () => {
    const token = world.systemToken;
    const madeUp = await world.request('/api/v1/tenants?cursor=bm9wZQ', { token });
    expect(madeUp.body).toMatchObject({ status: 400, errors: [{ field: 'cursor' }] });
    const large = await world.request('/api/v1/tenants?limit=501', { token });
    expect(large.body).toMatchObject({ status: 400, errors: [{ field: 'limit' }] });
  });
});

describe('deleting a tenant', () => {
  test('starts nothing new from the first moment, survives a failure in between and leaves no row', async () => {
    const tenant = await world.newTenant();
    const token = await world.newToken(tenant.id);
    await world.newAdministrator(tenant.id);
    const path = `/api/v1/tenants/${tenant.id}`;
    const remove = () => world.request(path, { method: 'DELETE', token: world.systemToken });

    world.released.run = async () => {
      throw new Error('Temporal is away');
    };
    expect((await remove()).status).toBe(500);
    expect((await world.request(path, { token: world.systemToken })).body.state).toBe('deleting');
    expect((await world.request(path, { token })).status).toBe(401);
    expect((await world.request(`${path}/administrators`, { token: world.systemToken })).status).toBe(404);

    const released: string[] = [];
    world.released.run = async (tenantId) => {
      released.push(tenantId);
      return undefined;
    };
    expect((await remove()).status).toBe(204);
    expect(released).toEqual([tenant.id]);
    expect((await world.request(path, { token: world.systemToken })).status).toBe(404);
    expect((await remove()).status).toBe(404);

    const audit = await world.request('/api/v1/system/audit', { token: world.systemToken });
    const actions = audit.body.items
      .filter((entry: { target: { id: string } }) => entry.target.id === tenant.id)
      .map((entry: { action: string }) => entry.action);
    expect(actions).toEqual(['tenant.deleted', 'tenant.deletion-started', 'tenant.created']);
  });

  test('is for the system only: a tenant’s own administrator token is refused', async () => {
    const tenant = await world.newTenant();
    const token = await world.newToken(tenant.id);
    const answer = await world.request(`/api/v1/tenants/${tenant.id}`, { method: 'DELETE', token });
    expect(answer.status).toBe(403);
    expect((await world.request(`/api/v1/tenants/${tenant.id}`, { token })).status).toBe(200);
  });
});
