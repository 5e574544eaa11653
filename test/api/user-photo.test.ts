import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';
import { png } from '../support/scripted-photos.ts';

let world: ApiWorld;
let tenantId: string;
let token: string;
let ada: string;
let bob: string;

const PICTURE = png('ada');
const HASH = createHash('sha256').update(PICTURE).digest('base64url');

const execute = (statement: string, values: unknown[]) =>
  world.orm.em.fork().getConnection().execute(statement, values);

const newUser = async (number: string): Promise<string> => {
  const json = { displayName: `User ${number}`, extensionNumber: number };
  return (await world.request(`/api/v1/tenants/${tenantId}/users`, { token, json })).body.id;
};

/** As the photo stage of a run leaves it. */
const showPhoto = async (tenant: string, userId: string): Promise<void> => {
  const googleId = randomUUID();
  await execute(`insert into bindings (tenant_id, google_id, extension_user_id, origin) values (?, ?, ?, 'linked')`, [
    tenant,
    googleId,
    userId,
  ]);
  await execute(
    `insert into photo_contents (tenant_id, content_hash, mime, bytes) values (?, ?, 'image/png', ?) on conflict do nothing`,
    [tenant, HASH, PICTURE],
  );
  await execute(
    `insert into photos (tenant_id, google_id, etag, content_hash, source, checked_at) values (?, ?, 'e', ?, 'directory', now())`,
    [tenant, googleId, HASH],
  );
};

beforeAll(async () => {
  world = await createApiWorld();
  tenantId = (await world.newTenant()).id;
  token = await world.newToken(tenantId, 'admin');
  ada = await newUser('1001');
  bob = await newUser('1002');
  await showPhoto(tenantId, ada);
});
afterAll(() => world.close());

const photoPath = (userId: string, tenant = tenantId) => `/api/v1/tenants/${tenant}/users/${userId}/photo`;
const get = (path: string, headers: Record<string, string> = {}) =>
  world.app.request(path, { headers: { authorization: `Bearer ${token}`, ...headers } });

describe('the picture of a user', () => {
  test('is served as it was stored, and can do nothing but be shown', async () => {
    const answer = await get(photoPath(ada));
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(PICTURE)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      etag: `"${HASH}"`,
      'cache-control': 'private, max-age=300',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  test.each([[`"${HASH}"`], [`W/"${HASH}"`], [`"other", "${HASH}"`], ['*']])(
    'is not sent again to whoever has it (%s)',
    async (ifNoneMatch) => {
      const answer = await get(photoPath(ada), { 'if-none-match': ifNoneMatch });
      expect(answer.status).toBe(304);
      expect(answer.headers.get('etag')).toBe(`"${HASH}"`);
      expect(await answer.text()).toBe('');
    },
  );

  test('is sent to whoever has another one', async () => {
    expect((await get(photoPath(ada), { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('of a user without one is not found, nor that of nobody', async () => {
    expect((await get(photoPath(bob))).status).toBe(404);
    expect((await get(photoPath(randomUUID()))).status).toBe(404);
    expect((await get(photoPath('1'))).status).toBe(400);
  });

  test('is told with the user', async () => {
    const user = async (id: string) => (await world.request(`/api/v1/tenants/${tenantId}/users/${id}`, { token })).body;
    expect((await user(ada)).photo).toBe(HASH);
    expect((await user(bob)).photo).toBeNull();
  });

  test('is hidden from other tenants, under their own path too, and from whoever is not signed in', async () => {
    const other = (await world.newTenant()).id;
    const stranger = await world.newToken(other, 'read');
    expect((await world.request(photoPath(ada), { token: stranger })).status).toBe(404);
    expect((await world.request(photoPath(ada, other), { token: stranger })).status).toBe(404);
    expect((await world.request(photoPath(ada))).status).toBe(401);
    const onlyEvents = await world.newToken(tenantId, 'events:write');
    expect((await world.request(photoPath(ada), { token: onlyEvents })).status).toBe(403);
  });

  test('is shown on the users page to an administrator’s browser, and letters where there is none', async () => {
    const { email, password } = await world.newAdministrator(tenantId);
    const { sipDomain: domain } = (await world.request(`/api/v1/tenants/${tenantId}`, { token })).body;
    const cookie = await world.signIn({ email, password, domain });
    const page = (await world.request(`/tenants/${tenantId}/users`, { cookie })).text;
    const src = /<img class="avatar" src="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(src).toContain(photoPath(ada));
    expect(page.match(/class="avatar"/g)).toHaveLength(2);
    expect((await world.request(src, { cookie })).status).toBe(200);
  });
});
