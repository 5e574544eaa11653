import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '../../src/errors.ts';
import { BOOTSTRAP_ACTOR } from '../../src/tenants/index.ts';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';
import { peopleFrom, person } from '../support/scripted-directory.ts';

let world: ApiWorld;
let tenantId: string;
let token: string;
let reader: string;
let cookie: string;
let number = 3000;

beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.directory.people = [...peopleFrom(1, 3), person(4, { suspended: true })];
  world.directory.faults = [];
  const tenant = await world.newTenant();
  tenantId = tenant.id;
  token = await world.newToken(tenantId);
  reader = await world.newToken(tenantId, 'read');
  cookie = await world.signIn({ ...(await world.newAdministrator(tenantId)), domain: tenant.sipDomain });
});

const api = (path: string, request: Parameters<ApiWorld['request']>[1] = {}) =>
  world.request(`/api/v1/tenants/${tenantId}/user-sync/${path}`, { token, ...request });
const pageOf = (path: string, form?: Record<string, string>) =>
  world.request(`/tenants/${tenantId}/google-workspace/user-sync/bindings${path}`, {
    cookie,
    headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' },
    ...(form && { form }),
  });
const extension = async (email: string | null = null) => {
  number++;
  const json = { displayName: `Desk ${number}`, extensionNumber: String(number), email };
  return (await world.request(`/api/v1/tenants/${tenantId}/users`, { token, json })).body as {
    id: string;
    extensionNumber: string;
  };
};
const audited = async () =>
  (await world.dependencies.auditLog.list(BOOTSTRAP_ACTOR, tenantId, { limit: 50 })).items.map(({ action }) => action);

describe('the directory, searched for a picker', () => {
  test('tells people with whether and to which number they are bound', async () => {
    const desk = await extension();
    await api('bindings', { json: { googleId: person(1).id, userId: desk.id } });
    const { status, body } = await api('directory?q=person', { token: reader });
    expect(status).toBe(200);
    expect(body.items.slice(0, 2)).toEqual([
      {
        ...{ kind: 'person', googleId: person(1).id, email: person(1).primaryEmail, name: 'Person No 1' },
        ...{ suspended: false, boundTo: { userId: desk.id, extensionNumber: desk.extensionNumber } },
      },
      expect.objectContaining({ googleId: person(2).id, boundTo: null }),
    ]);
    expect(body.items[3]).toMatchObject({ suspended: true });
  });

  test('tells groups and units of Google, and the domains of the people read so far', async () => {
    world.search.groups = [{ email: 'sales@acme.example', name: 'Sales' }];
    world.search.orgUnits = [{ path: '/Sales', name: 'Sales' }];
    expect((await api('directory?kind=group&q=sales')).body.items).toEqual([
      { kind: 'group', email: 'sales@acme.example', name: 'Sales' },
    ]);
    expect((await api('directory?kind=orgUnit&q=SALES')).body.items).toEqual([
      { kind: 'orgUnit', path: '/Sales', name: 'Sales' },
    ]);
    const desk = await extension();
    await api('bindings', { json: { googleId: person(1).id, userId: desk.id } });
    expect((await api('directory?kind=domain&q=acme')).body.items).toEqual([
      { kind: 'domain', domain: 'acme.example', people: 1 },
    ]);
  });

  test('without the optional access knows the units of the people read so far, and says how groups come', async () => {
    const before = world.access.getAccessToken;
    world.access.getAccessToken = async (_tenantId, need) => {
      if (need) throw new AppError('GOOGLE_SCOPE_MISSING', 'Complete the authorization again.');
      return 'access-token';
    };
    const desk = await extension();
    world.directory.people[0] = person(1, { orgUnitPath: '/Sales/North' });
    await api('bindings', { json: { googleId: person(1).id, userId: desk.id } });
    expect((await api('directory?kind=orgUnit&q=north')).body.items).toMatchObject([{ path: '/Sales/North' }]);
    const groups = await api('directory?kind=group&q=sales');
    expect(groups.body).toMatchObject({
      code: 'GOOGLE_SCOPE_MISSING',
      detail: expect.stringContaining('Type the address'),
    });
    world.access.getAccessToken = before;
  });

  test('answers what Google refuses as a problem with what to do, and a short text as a wrong field', async () => {
    world.search.faults = [new AppError('GOOGLE_RATE_LIMITED', 'Wait.', { retryAfterMs: 3_000 })];
    const refused = await api('directory?q=person');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('3');
    expect((await api('directory?q=p')).body).toMatchObject({ errors: [{ field: 'q' }] });
  });
});

describe('bindings over HTTP', () => {
  test('are added, listed in pages, deleted, and written into the audit log', async () => {
    const desks = [await extension(), await extension()];
    for (const [i, desk] of desks.entries()) {
      const added = await api('bindings', { json: { googleId: person(i + 1).id, userId: desk.id } });
      expect(added.status).toBe(201);
    }
    const first = await api('bindings?limit=1', { token: reader });
    expect(first.body.items).toMatchObject([{ googleId: person(1).id, origin: 'hand', googleName: 'Person No 1' }]);
    const second = await api(`bindings?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ userId: desks[1]?.id }], nextCursor: null });
    expect((await api(`bindings/${person(1).id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api(`bindings/${person(1).id}`, { method: 'DELETE' })).status).toBe(404);
    expect(await audited()).toEqual(expect.arrayContaining(['user-sync.binding-added', 'user-sync.binding-removed']));
  });

  test('that stand against each other are 409 with which', async () => {
    const desk = await extension();
    await api('bindings', { json: { googleId: person(1).id, userId: desk.id } });
    const answer = await api('bindings', { json: { googleId: person(2).id, userId: desk.id } });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'CONFLICT',
      detail: expect.stringContaining(person(1).primaryEmail),
      errors: [{ field: 'userId' }],
    });
  });

  test('may be looked at, and not changed, by a token that reads', async () => {
    const desk = await extension();
    const json = { googleId: person(1).id, userId: desk.id };
    expect((await api('bindings', { token: reader, json })).status).toBe(403);
    expect((await api('bindings/match', { token: reader, json: {} })).status).toBe(403);
    expect((await api('bindings', { token: reader })).status).toBe(200);
  });

  test('cannot be matched before the directory was read', async () => {
    const answer = await api('bindings/match', { json: {} });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'SYNC_NOT_READ_YET' });
  });
});

describe('the page of bindings, without script', () => {
  test('searches both sides, binds, shows and deletes after asking once more', async () => {
    const desk = await extension();
    expect((await pageOf('')).text).toContain('Nobody is bound yet');
    const search = await pageOf(`/new?q=person1&extension=${desk.extensionNumber}`);
    expect(search.text).toContain(`value="${person(1).id}"`);
    expect(search.text).toContain(`value="${desk.id}"`);

    const bound = await pageOf('', { googleId: person(1).id, userId: desk.id, q: 'person1' });
    expect(bound.status).toBe(303);
    const table = await pageOf('?q=person1');
    expect(table.text).toContain(person(1).primaryEmail);
    expect(table.text).toContain('Made by hand');

    const confirm = await pageOf(`/${person(1).id}/delete`);
    expect(confirm.text).toContain('Delete this binding?');
    expect((await pageOf(`/${person(1).id}/delete`, { sure: 'yes' })).status).toBe(303);
    expect((await pageOf('')).text).toContain('Nobody is bound yet');
  });

  test('shows again what was searched and chosen when the binding is refused, with why', async () => {
    const [one, two] = [await extension(), await extension()];
    await pageOf('', { googleId: person(1).id, userId: one.id });
    const refused = await pageOf('', { googleId: person(1).id, userId: two.id, q: 'person1' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain(`has the extension ${one.extensionNumber} already`);
    expect(refused.text).toContain('value="person1"');
  });

  test('says what to do when Google does not answer, or nothing was read to match by', async () => {
    world.search.faults = [new AppError('GOOGLE_UNAVAILABLE', 'Google does not answer at the moment.')];
    expect((await pageOf('/new?q=person')).text).toContain('Google does not answer at the moment.');
    expect((await pageOf('/match')).text).toContain('Make a preview first');
  });
});
