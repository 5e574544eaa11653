import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let base: string;
let tenantId: string;
let token: string;

beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  tenantId = (await world.newTenant()).id;
  token = await world.newToken(tenantId);
  base = `/api/v1/tenants/${tenantId}`;
});

const create = async (extensionNumber: string, more: object = {}) =>
  world.request(`${base}/users`, {
    token,
    json: { displayName: `Person ${extensionNumber}`, extensionNumber, ...more },
  });

const change = (id: string, json: object, ifMatch: string) =>
  world.request(`${base}/users/${id}`, { method: 'PATCH', token, json, headers: { 'if-match': ifMatch } });

const addNumber = (json: object) => world.request(`${base}/extension-numbers`, { token, json });

const bindToGoogle = (userId: string) =>
  world.orm.em
    .getConnection()
    .execute(
      `insert into bindings (tenant_id, google_id, extension_user_id, origin) values ('${tenantId}', 'g-1', '${userId}', 'created')`,
    );

const auditActions = async () =>
  (await world.request(`${base}/audit`, { token })).body.items.map((entry: { action: string }) => entry.action);

describe('users by hand', () => {
  test('changes only what was sent, under If-Match, and writes it into the audit log', async () => {
    const made = await create('1000', { email: 'ada@acme.example', department: 'Sales' });
    expect(made.status).toBe(201);
    const changed = await change(made.body.id, { displayName: 'Ada', title: 'Head' }, made.headers.get('etag') ?? '');
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      ...{ displayName: 'Ada', title: 'Head', department: 'Sales', email: 'ada@acme.example', enabled: true },
      ...{ revision: 2, overwrittenBySync: [] },
    });
    const stale = await change(made.body.id, { displayName: 'Eve' }, '"1"');
    expect(stale.status).toBe(412);
    expect(stale.body.code).toBe('STALE_WRITE');
    const without = await world.request(`${base}/users/${made.body.id}`, { method: 'PATCH', token, json: {} });
    expect(without.status).toBe(428);
    expect(await auditActions()).toContain('user.changed');
  });

  test('whom an administrator disables is marked so, whoever had disabled before, and stays until one enables', async () => {
    const { body } = await create('1000');
    const disabled = await change(body.id, { enabled: false }, '"1"');
    expect(disabled.body).toMatchObject({ enabled: false, disabledBy: 'administrator' });
    const enabled = await change(body.id, { enabled: true }, '"2"');
    expect(enabled.body).toMatchObject({ enabled: true, disabledBy: null });

    await world.orm.em
      .getConnection()
      .execute(`update extension_users set enabled = false, disabled_by = 'sync' where id = '${body.id}'`);
    const taken = await change(body.id, { enabled: false }, '"3"');
    expect(taken.body).toMatchObject({ enabled: false, disabledBy: 'administrator' });
  });

  test('tells which fields of a Google person the next sync writes over', async () => {
    const { body } = await create('1000', { department: 'Sales' });
    await bindToGoogle(body.id);
    const changed = await change(body.id, { displayName: 'Ada', department: 'Sales', phones: [] }, '"1"');
    expect(changed.body.overwrittenBySync).toEqual(['displayName']);
  });

  test('a change that changes nothing makes no new revision', async () => {
    const { body } = await create('1000');
    const same = await change(body.id, { displayName: 'Person 1000', enabled: true }, '"1"');
    expect(same.body.revision).toBe(1);
    expect(await auditActions()).not.toContain('user.changed');
  });

  test('deletes a user who is nobody’s at Google, and the number is free again', async () => {
    const { body } = await create('1000');
    expect((await world.request(`${base}/users/${body.id}`, { method: 'DELETE', token })).status).toBe(204);
    expect((await create('1000')).status).toBe(201);
  });

  test('deletes a user with its binding, and keeps the number for its person', async () => {
    const { body } = await create('1000');
    await bindToGoogle(body.id);
    const path = `${base}/users/${body.id}`;
    const stale = await world.request(path, { method: 'DELETE', token, headers: { 'if-match': '"9"' } });
    expect(stale.status).toBe(412);
    expect((await world.request(path, { method: 'DELETE', token })).status).toBe(204);
    expect((await world.request(path, { token })).status).toBe(404);
    expect((await world.request(path, { method: 'DELETE', token })).status).toBe(404);
    expect((await create('1000')).status).toBe(409);
    expect(await auditActions()).toContain('user.deleted');
  });

  test('refuses a number that is taken, reserved, or kept for somebody who was deleted', async () => {
    await create('1000');
    const refused = { code: 'VALIDATION_FAILED', errors: [{ field: 'extensionNumber' }] };
    expect((await create('1000')).body).toMatchObject(refused);
    expect((await create('555')).body).toMatchObject(refused);
    await world.orm.em
      .getConnection()
      .execute(`insert into number_reservations values ('${tenantId}', 'g-2', 1001, now() + interval '1 day')`);
    expect((await create('1001')).body).toMatchObject({ code: 'CONFLICT', errors: [{ field: 'extensionNumber' }] });
  });

  test('lists by state and by where they come from', async () => {
    const ids = [];
    for (const number of ['1000', '1001', '1002']) ids.push((await create(number)).body.id);
    await bindToGoogle(ids[0]);
    await change(ids[1], { enabled: false }, '"1"');
    const numbers = async (query: string) =>
      (await world.request(`${base}/users?${query}`, { token })).body.items.map(
        (user: { extensionNumber: string }) => user.extensionNumber,
      );
    expect(await numbers('bound=true')).toEqual(['1000']);
    expect(await numbers('bound=false&enabled=true')).toEqual(['1002']);
  });
});

describe('numbers of something else', () => {
  test('are taken, listed with those of users, filtered, and freed', async () => {
    await create('1000');
    const added = await addNumber({ number: '2000', ownerKind: 'queue', label: 'Support' });
    expect(added.status).toBe(201);
    await addNumber({ number: '900', ownerKind: 'conference' });

    const first = await world.request(`${base}/extension-numbers?limit=2`, { token });
    expect(first.body.items).toMatchObject([
      { number: '900', ownerKind: 'conference', label: null, userId: null },
      { number: '1000', ownerKind: 'user', label: 'Person 1000' },
    ]);
    const second = await world.request(`${base}/extension-numbers?cursor=${first.body.nextCursor}`, { token });
    expect(second.body).toEqual({
      items: [{ number: '2000', ownerKind: 'queue', label: 'Support', userId: null }],
      nextCursor: null,
    });
    expect((await world.request(`${base}/extension-numbers?ownerKind=queue`, { token })).body.items).toHaveLength(1);
    expect((await world.request(`${base}/extension-numbers?q=supp`, { token })).body.items).toHaveLength(1);

    const remove = () => world.request(`${base}/extension-numbers/2000`, { method: 'DELETE', token });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect(await auditActions()).toEqual(
      expect.arrayContaining(['extension-number.added', 'extension-number.removed']),
    );
  });

  test('are refused when reserved or in use, with the field and what to do', async () => {
    for (const number of ['555', '666', '777', '888']) {
      const reserved = await addNumber({ number, ownerKind: 'other' });
      expect(reserved).toMatchObject({ status: 400, body: { errors: [{ field: 'number' }] } });
    }
    await create('1000');
    const used = await addNumber({ number: '1000', ownerKind: 'queue' });
    expect(used).toMatchObject({ status: 409, body: { code: 'CONFLICT', errors: [{ field: 'number' }] } });
    expect(used.body.detail).toMatch(/Choose another/);
    const wrong = await addNumber({ number: '012', ownerKind: 'user' });
    expect(wrong.body.errors.map((error: { field: string }) => error.field)).toEqual(['number', 'ownerKind']);
  });

  test('that of a user is not freed without the user', async () => {
    await create('1000');
    const answer = await world.request(`${base}/extension-numbers/1000`, { method: 'DELETE', token });
    expect(answer).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(answer.body.detail).toMatch(/Delete the user/);
  });

  test('a taken number is not given to a user', async () => {
    await addNumber({ number: '1000', ownerKind: 'ring-group', label: 'Sales' });
    expect((await create('1000')).status).toBe(400);
  });
});
