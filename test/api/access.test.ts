import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SYSTEM_TENANT_ID } from '../../src/contracts/index.ts';
import { AdministratorEntity, ApiTokenEntity, AuditEntryEntity, TenantEntity } from '../../src/db/entities/index.ts';
import { BOOTSTRAP_ACTOR, bootstrap, recordAudit } from '../../src/tenants/index.ts';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';

let world: ApiWorld;

beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());

describe('API tokens', () => {
  test('a token is shown once, works, shows its beginning and its last use, and ends at once', async () => {
    const { id: tenantId } = await world.newTenant();
    const path = `/api/v1/tenants/${tenantId}/api-tokens`;
    const admin = { token: world.systemToken };
    const created = await world.request(path, { ...admin, json: { name: 'Voicemail', scopes: ['read', 'read'] } });
    expect(created.status).toBe(201);
    const { token, id } = created.body;
    expect(token).toMatch(/^pgw_[\w-]{43}$/);

    const before = await world.request(path, admin);
    expect(before.body.items).toMatchObject([{ id, name: 'Voicemail', scopes: ['read'], lastUsedAt: null }]);
    expect(before.text).not.toContain(token);
    expect(token.startsWith(before.body.items[0].prefix)).toBe(true);

    expect((await world.request(`/api/v1/tenants/${tenantId}`, { token })).status).toBe(200);
    expect((await world.request(path, admin)).body.items[0].lastUsedAt).toBe(world.now.value.toISOString());

    expect((await world.request(`${path}/${id}`, { method: 'DELETE', ...admin })).status).toBe(204);
    expect((await world.request(`/api/v1/tenants/${tenantId}`, { token })).status).toBe(401);
    expect((await world.request(`${path}/${id}`, { method: 'DELETE', ...admin })).status).toBe(404);
  });

  test('nothing of a token but its hash and its beginning is stored, and nothing of it is logged', async () => {
    const token = await world.newToken();
    await world.request('/api/v1/tenants', { token });
    await world.request(`/api/v1/tenants?access_token=${token}`, {});
    const rows = await world.orm.em
      .fork()
      .getConnection()
      .execute('select row_to_json(t)::text as row from api_tokens t');
    const audit = await world.orm.em
      .fork()
      .getConnection()
      .execute('select row_to_json(t)::text as row from audit_entries t');
    const secret = token.slice(12);
    expect(JSON.stringify([rows, audit])).not.toContain(secret);
    expect(JSON.stringify(world.logged)).not.toContain(secret);
    expect(world.logged).toContainEqual(expect.objectContaining({ route: '/api/v1/tenants', status: 200 }));
  });
});

describe('administrators', () => {
  const input = (email: string) => ({ email, displayName: 'Grace', password: 'twelve or more' });

  test('an e-mail address is taken once per level, in whatever case', async () => {
    const { id } = await world.newTenant();
    const admin = { token: world.systemToken };
    const path = `/api/v1/tenants/${id}/administrators`;
    expect((await world.request(path, { ...admin, json: input('grace@example.com') })).status).toBe(201);
    const again = await world.request(path, { ...admin, json: input('GRACE@example.com') });
    expect(again.body).toMatchObject({ status: 409, code: 'CONFLICT', errors: [{ field: 'email' }] });
    const other = await world.newTenant();
    const elsewhere = `/api/v1/tenants/${other.id}/administrators`;
    expect((await world.request(elsewhere, { ...admin, json: input('Grace@example.com') })).status).toBe(201);
  });

  test('the last administrator of the system stays, also when two are removed at the same moment', async () => {
    const own = await createApiWorld();
    try {
      const ids = [await own.newAdministrator(), await own.newAdministrator()].map(({ id }) => id);
      const answers = await Promise.all(
        ids.map((id) =>
          own.request(`/api/v1/system/administrators/${id}`, { method: 'DELETE', token: own.systemToken }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
      expect(answers.find(({ status }) => status === 409)?.body.code).toBe('LAST_ADMINISTRATOR');
      expect(await own.orm.em.fork().count(AdministratorEntity, { tenantId: SYSTEM_TENANT_ID })).toBe(1);
    } finally {
      await own.close();
    }
  });
});

describe('the audit log', () => {
  test('tells who did what, to what, from where and when, without secrets', async () => {
    const tenant = await world.newTenant();
    const admin = { token: world.systemToken, headers: { 'x-test-address': '198.51.100.7' } };
    const path = `/api/v1/tenants/${tenant.id}`;
    const { body: made } = await world.request(`${path}/api-tokens`, {
      ...admin,
      json: { name: 'Audited', scopes: ['read'] },
    });
    const { body } = await world.request(`${path}/audit`, admin);
    expect(body.items[0]).toMatchObject({
      action: 'api-token.created',
      actor: { kind: 'api-token', name: 'A test' },
      target: { kind: 'api-token', id: made.id, name: 'Audited' },
      ip: '198.51.100.7',
      at: world.now.value.toISOString(),
      details: { scopes: ['read'] },
    });
  });

  test('keeps no entry of a change that was rolled back, and no change whose entry cannot be written', async () => {
    const tenant = await world.newTenant();
    const entries = () => world.orm.em.fork().count(AuditEntryEntity, { tenantId: tenant.id });
    const before = await entries();
    const taken = await world.newTenant();
    const refused = await world.request(`/api/v1/tenants/${tenant.id}`, {
      method: 'PATCH',
      token: world.systemToken,
      json: { sipDomain: taken.sipDomain },
      headers: { 'if-match': '"1"' },
    });
    expect(refused.status).toBe(409);
    expect(await entries()).toBe(before);

    const change = world.orm.em.fork().transactional(async (em) => {
      await em.nativeUpdate(TenantEntity, { id: tenant.id }, { name: 'Changed' });
      recordAudit(em, {
        actor: BOOTSTRAP_ACTOR,
        tenantId: crypto.randomUUID(),
        at: new Date(),
        action: 'tenant.changed',
        target: { kind: 'tenant', id: tenant.id, name: 'Changed' },
      });
    });
    await expect(change).rejects.toThrow();
    const kept = await world.orm.em.fork().findOneOrFail(TenantEntity, { id: tenant.id });
    expect(kept.name).toBe('Acme');
  });

  test('refuses an entry outside a transaction', () => {
    const em = world.orm.em.fork();
    const target = { kind: 'tenant', id: '1', name: 'x' };
    expect(() =>
      recordAudit(em, { actor: BOOTSTRAP_ACTOR, tenantId: SYSTEM_TENANT_ID, at: new Date(), action: 'x.y', target }),
    ).toThrow(/transaction/);
  });
});

describe('bootstrap', () => {
  const config = {
    adminEmail: 'first@example.com',
    adminPassword: 'correct horse battery',
    apiToken: 'a-token-of-at-least-thirty-two-characters',
  };

  test('makes one administrator and one token, however often and from however many processes it runs', async () => {
    const own = await createApiWorld();
    const dependencies = { orm: own.orm, clock: () => new Date() };
    const count = async () => {
      const em = own.orm.em.fork();
      return [
        await em.count(AdministratorEntity, { tenantId: SYSTEM_TENANT_ID }),
        await em.count(ApiTokenEntity, { tenantId: SYSTEM_TENANT_ID, name: 'BOOTSTRAP_API_TOKEN' }),
      ];
    };
    try {
      await Promise.all([1, 2, 3].map(() => bootstrap(dependencies, config)));
      await bootstrap(dependencies, config);
      expect(await count()).toEqual([1, 1]);
      expect((await own.request('/api/v1/tenants', { token: config.apiToken })).status).toBe(200);
      await own.signIn({ email: config.adminEmail, password: config.adminPassword });

      await bootstrap(dependencies, { ...config, adminEmail: 'second@example.com', adminPassword: 'another password' });
      expect(await count()).toEqual([1, 1]);
    } finally {
      await own.close();
    }
  });
});
