import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let own: string;
let others: string;
let token: string;
let cookie: string;

beforeAll(async () => {
  world = await createApiWorld();
  const ownTenant = await world.newTenant('Own');
  own = ownTenant.id;
  others = (await world.newTenant('Other')).id;
  token = await world.newToken(own);
  const administrator = await world.newAdministrator(own);
  cookie = await world.signIn({ ...administrator, domain: ownTenant.sipDomain });
});
afterAll(() => world.close());

type Route = { method: string; path: string };

/** Every route of the app, as it is registered: what is added later is walked over as well. */
const routes = (): Route[] => {
  const all = world.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  return [...new Set(all)].map((line) => {
    const [method = '', path = ''] = line.split(' ');
    return { method, path };
  });
};

const addressOf = (path: string, tenantId: string): string =>
  path.replace(':tenantId', tenantId).replaceAll(/:[A-Za-z]+(?:\{[^}]*\})?/g, randomUUID());

const describeAnswers = async (
  walked: Route[],
  ask: (method: string, path: string) => Promise<{ status: number }>,
  tenantId: string,
) =>
  Promise.all(
    walked.map(async ({ method, path }) => {
      const { status } = await ask(method, addressOf(path, tenantId));
      return `${method} ${path} → ${status}`;
    }),
  );

const expected = (walked: Route[]) => walked.map(({ method, path }) => `${method} ${path} → 404`);

const bodyFor = (method: string) => (['POST', 'PUT', 'PATCH'].includes(method) ? { json: {} } : {});

describe('a tenant and everything that is not its own', () => {
  const withToken = (method: string, path: string) =>
    world.request(path, { method, token, headers: { 'if-match': '"1"' }, ...bodyFor(method) });

  const withCookie = (method: string, path: string) =>
    world.request(path, {
      method,
      cookie,
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' },
      ...(method === 'POST' && { form: { anything: 'at all' } }),
    });

  test('every route of another tenant is 404 to its API token, whatever is sent', async () => {
    const walked = routes().filter(({ path }) => path.startsWith('/api/') && path.includes(':tenantId'));
    expect(walked.length).toBeGreaterThan(10);
    expect(await describeAnswers(walked, withToken, others)).toEqual(expected(walked));
  });

  test('every route of the system is 404 to its API token', async () => {
    const walked = routes().filter(({ path }) => /^\/api\/v1\/system\//.test(path) || path === '/api/v1/tenants');
    expect(walked.length).toBeGreaterThan(5);
    expect(await describeAnswers(walked, withToken, others)).toEqual(expected(walked));
  });

  test('every page of another tenant and of the system is 404 to its administrator', async () => {
    const walked = routes().filter(
      ({ path }) =>
        !path.startsWith('/api/') &&
        (path.includes(':tenantId') || path.startsWith('/system') || /^\/tenants(\/new)?$/.test(path)),
    );
    expect(walked.length).toBeGreaterThan(15);
    expect(await describeAnswers(walked, withCookie, others)).toEqual(expected(walked));
  });

  test('the same calls reach its own tenant, so that the walk proves something', async () => {
    const own404 = async (path: string) => (await withToken('GET', path)).status;
    expect(await own404(`/api/v1/tenants/${own}`)).toBe(200);
    expect(await own404(`/api/v1/tenants/${own}/api-tokens`)).toBe(200);
    expect((await withCookie('GET', `/tenants/${own}`)).status).toBe(200);
  });

  test('a path that names the system as a tenant is 404 even to the system', async () => {
    const path = '/api/v1/tenants/00000000-0000-0000-0000-000000000000';
    expect((await world.request(path, { token: world.systemToken })).status).toBe(404);
    expect((await world.request('/api/v1/tenants/not-an-id', { token: world.systemToken })).status).toBe(404);
  });
});

describe('nobody', () => {
  test('every route that belongs to a level asks for a sign-in', async () => {
    const walked = routes().filter(({ path }) => path.startsWith('/api/v1/'));
    const answers = await describeAnswers(
      walked,
      (method, path) =>
        world.request(path, { method, headers: { 'sec-fetch-site': 'same-origin' }, ...bodyFor(method) }),
      own,
    );
    expect(answers).toEqual(walked.map(({ method, path }) => `${method} ${path} → 401`));
  });
});

describe('scopes', () => {
  test('a token that may only read can look, and is told which scope a write needs', async () => {
    const reader = await world.newToken(own, 'read');
    expect((await world.request(`/api/v1/tenants/${own}`, { token: reader })).status).toBe(200);
    const answer = await world.request(`/api/v1/tenants/${own}/administrators`, { token: reader, json: {} });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining('"admin"') });
  });

  test('a token that may only send events reads nothing', async () => {
    const sender = await world.newToken(own, 'events:write');
    expect((await world.request(`/api/v1/tenants/${own}/users`, { token: sender })).status).toBe(403);
  });

  test('a token of the system acts on every tenant', async () => {
    for (const tenantId of [own, others]) {
      expect((await world.request(`/api/v1/tenants/${tenantId}/users`, { token: world.systemToken })).status).toBe(200);
    }
  });

  test('each route of the description answers 401, 403 and 404 as problem details', async () => {
    const { body } = await world.request('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const missing = Object.entries(body.paths as Record<string, Record<string, { responses: object }>>).flatMap(
      ([path, operations]) =>
        path.startsWith('/api/v1/')
          ? Object.entries(operations)
              .filter(([, { responses }]) => ![401, 403, 404].every((status) => status in responses))
              .map(([method]) => `${method} ${path}`)
          : [],
    );
    expect(missing).toEqual([]);
  });
});
