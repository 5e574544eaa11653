import type { admin_directory_v1 as v1 } from '@googleapis/admin';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, directoryOf, directoryScope, type Seeded, startSeeded } from './connected.ts';

let google: Seeded;
let directory: v1.Admin;
let accessToken: string;

beforeAll(async () => {
  google = await startSeeded({
    companies: [
      { domain: 'acme.example', secondaryDomain: 'labs.example', people: 1_000 },
      { domain: 'borealis.example', people: 10 },
    ],
  });
  const oauth = await connect(google.url, google.acme);
  accessToken = oauth.credentials.access_token ?? '';
  directory = directoryOf(google.url, oauth);
});
afterEach(async () => {
  expect(await google.control.violations()).toEqual([]);
});
afterAll(() => google.close());

async function everyone(
  params: v1.Params$Resource$Users$List = { customer: 'my_customer' },
): Promise<v1.Schema$User[]> {
  const users: v1.Schema$User[] = [];
  for (let pageToken: string | undefined; ; ) {
    const { data } = await directory.users.list({ maxResults: 300, ...params, ...(pageToken && { pageToken }) });
    users.push(...(data.users ?? []));
    if (!data.nextPageToken) return users;
    pageToken = data.nextPageToken;
  }
}

async function refusal(path: string): Promise<{ status: number; reason: string; message: string }> {
  const response = await fetch(`${google.url}${path}`, { headers: { authorization: `Bearer ${accessToken}` } });
  const { error } = (await response.json()) as { error: { message: string; errors: [{ reason: string }] } };
  await google.control.clearViolations();
  return { status: response.status, reason: error.errors[0].reason, message: error.message };
}

describe('a listing of 1,000 users', () => {
  test('gives every user once, in order of their addresses', async () => {
    const emails = (await everyone()).map((user) => user.primaryEmail ?? '');
    expect(new Set(emails).size).toBe(1_000);
    expect(emails).toEqual(emails.toSorted());
  });

  test('turns around, and orders by name', async () => {
    const names = (await everyone({ customer: 'my_customer', orderBy: 'familyName', sortOrder: 'DESCENDING' })).map(
      (user) => user.name?.familyName?.toLowerCase() ?? '',
    );
    expect(names).toHaveLength(1_000);
    expect(names).toEqual(names.toSorted((one, other) => (one < other ? 1 : one > other ? -1 : 0)));
  });

  test('holds 3 % suspended, 1 % archived and about half with photos, as seeded', async () => {
    const users = await everyone();
    expect(users.filter((user) => user.suspended)).toHaveLength(30);
    expect(users.filter((user) => user.archived)).toHaveLength(10);
    expect(users.filter((user) => user.thumbnailPhotoUrl)).toHaveLength(google.acme.withPhoto);
    expect(google.acme).toMatchObject({ people: 1_000, active: 960, suspended: 30, archived: 10 });
    expect(google.acme.withPhoto).toBeGreaterThan(400);
    expect(JSON.stringify(users).length / users.length).toBeGreaterThan(1_200);
  });

  test('goes on after people came and went, without losing or doubling anyone else', async () => {
    const first = await directory.users.list({ customer: 'my_customer', maxResults: 500 });
    const [gone] = first.data.users ?? [];
    await google.control.deletePerson({ person: gone?.id ?? '' });
    await google.control.addPerson({ primaryEmail: '000@acme.example', givenName: 'Early' });
    const second = await directory.users.list({
      customer: 'my_customer',
      maxResults: 500,
      pageToken: first.data.nextPageToken ?? '',
    });
    const ids = [...(first.data.users ?? []), ...(second.data.users ?? [])].map((user) => user.id);
    expect(new Set(ids).size).toBe(1_000);
    await google.control.deletePerson({ person: '000@acme.example' });
    await google.control.undeletePerson({ id: gone?.id ?? '' });
  });

  test('shows the deleted apart, and one domain alone', async () => {
    const added = await google.control.addPerson({ primaryEmail: 'leaver@acme.example', givenName: 'Lee' });
    await google.control.deletePerson({ person: added.id });
    const deleted = await everyone({ customer: 'my_customer', showDeleted: 'true' });
    expect(deleted.map((user) => user.id)).toContain(added.id);
    expect(deleted.every((user) => user.deletionTime)).toBe(true);
    expect((await everyone()).map((user) => user.id)).not.toContain(added.id);
    const labs = await everyone({ domain: 'labs.example' });
    expect(labs.length).toBeGreaterThan(50);
    expect(labs.every((user) => user.primaryEmail?.endsWith('@labs.example'))).toBe(true);
  });

  test('has no users key when nobody fits', async () => {
    const { data } = await directory.users.list({ customer: 'my_customer', query: 'email:nobody-at-all*' });
    expect(data).not.toHaveProperty('users');
    expect(data.kind).toBe('admin#directory#users');
  });

  test('gives only the fields that were asked for', async () => {
    const { data } = await directory.users.list({
      customer: 'my_customer',
      maxResults: 1,
      fields: 'nextPageToken,users(id,name/givenName,phones/value,suspended)',
    });
    expect(Object.keys(data).sort()).toEqual(['nextPageToken', 'users']);
    for (const key of Object.keys(data.users?.[0] ?? {})) expect(['id', 'name', 'phones', 'suspended']).toContain(key);
    expect(Object.keys(data.users?.[0]?.name ?? {})).toEqual(['givenName']);
  });
});

describe('the query', () => {
  test.each([
    ['isSuspended=true', (user: v1.Schema$User) => user.suspended === true],
    ['isArchived=true', (user: v1.Schema$User) => user.archived === true],
    [
      'email:a*',
      (user: v1.Schema$User) => [user.primaryEmail, ...(user.aliases ?? [])].some((email) => email?.startsWith('a')),
    ],
    ['orgUnitPath=/Sales', (user: v1.Schema$User) => /^\/Sales(\/|$)/.test(user.orgUnitPath ?? '')],
    [
      "orgUnitPath='/Offices/Köln' isSuspended=false",
      (user: v1.Schema$User) => user.orgUnitPath === '/Offices/Köln' && !user.suspended,
    ],
    ['familyName=Смит', () => false],
    ['givenName:Zoë', (user: v1.Schema$User) => /(^|[^\p{L}])zoë($|[^\p{L}])/iu.test(user.name?.givenName ?? '')],
    ["familyName:'O\\'Brien'", (user: v1.Schema$User) => user.name?.familyName === "O'Brien"],
    ['orgDepartment=Legal', (user: v1.Schema$User) => user.organizations?.[0]?.department === 'Legal'],
  ])('%s', async (query, fits) => {
    const expected = (await everyone()).filter(fits).map((user) => user.id);
    const found = (await everyone({ customer: 'my_customer', query })).map((user) => user.id);
    expect(found).toEqual(expected);
  });
});

describe('what Google refuses', () => {
  const users = '/admin/directory/v1/users';

  test.each([
    ['no customer and no domain', users, 400, 'badRequest'],
    ['more than 500 a page', `${users}?customer=my_customer&maxResults=501`, 400, 'invalidParameter'],
    ['an unknown parameter', `${users}?customer=my_customer&modifiedSince=1`, 400, 'badRequest'],
    ['a wrong order', `${users}?customer=my_customer&orderBy=id`, 400, 'invalidParameter'],
    [
      'a field that users do not have',
      `${users}?customer=my_customer&fields=users(id,extension)`,
      400,
      'invalidParameter',
    ],
    ['a broken field mask', `${users}?customer=my_customer&fields=users(id`, 400, 'invalidParameter'],
    ['an unknown query field', `${users}?customer=my_customer&query=modifiedTime%3E1`, 400, 'invalid'],
    ['a made-up page token', `${users}?customer=my_customer&pageToken=abc`, 400, 'invalid'],
    ['an unknown domain', `${users}?domain=nowhere.example`, 404, 'notFound'],
    ['another company’s domain', `${users}?domain=borealis.example`, 403, 'forbidden'],
    ['another company’s customer id', `${users}?customer=C0123`, 403, 'forbidden'],
    ['another company’s user', `${users}/admin@borealis.example`, 403, 'forbidden'],
    ['nobody’s key', `${users}/nobody@acme.example`, 404, 'notFound'],
    ['a path that Google does not have', '/admin/directory/v1/people', 404, 'notFound'],
  ])('%s', async (_, path, status, reason) => {
    expect(await refusal(path)).toMatchObject({ status, reason });
  });

  test('a page token with other parameters than it was made for, and any after it was expired', async () => {
    const { data } = await directory.users.list({ customer: 'my_customer', maxResults: 10 });
    const token = encodeURIComponent(data.nextPageToken ?? '');
    expect(await refusal(`${users}?customer=my_customer&orderBy=givenName&pageToken=${token}`)).toMatchObject({
      status: 400,
      reason: 'invalid',
    });
    await google.control.expirePageTokens();
    expect(await refusal(`${users}?customer=my_customer&pageToken=${token}`)).toMatchObject({
      status: 400,
      reason: 'invalid',
    });
  });

  test('a walk of more than an hour, with 503 backendError', async () => {
    const { data } = await directory.users.list({ customer: 'my_customer', maxResults: 10 });
    await google.control.setClockSkew({ skewMs: 3_600_001 });
    const oauth = await connect(google.url, google.acme);
    const params = { customer: 'my_customer', maxResults: 10, pageToken: data.nextPageToken ?? '' };
    await expect(directoryOf(google.url, oauth).users.list(params)).rejects.toMatchObject({
      status: 503,
      response: { data: { error: { errors: [{ reason: 'backendError' }] } } },
    });
    await google.control.setClockSkew({ skewMs: 0 });
    expect((await directory.users.list(params)).data.users).toHaveLength(10);
  });

  test('a token without the scope, with ACCESS_TOKEN_SCOPE_INSUFFICIENT', async () => {
    const oauth = await connect(google.url, google.acme, {
      scopes: ['openid', directoryScope],
      untick: [directoryScope],
    });
    await expect(directoryOf(google.url, oauth).users.list({ customer: 'my_customer' })).rejects.toMatchObject({
      status: 403,
      response: {
        data: {
          error: {
            errors: [{ reason: 'insufficientPermissions' }],
            details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
          },
        },
      },
    });
  });

  test('someone who is no administrator, but for the public view', async () => {
    const plain = directoryOf(google.url, await connect(google.url, google.acme, { email: google.acme.user.email }));
    await expect(plain.users.list({ customer: 'my_customer' })).rejects.toMatchObject({
      status: 403,
      response: { data: { error: { message: 'Not Authorized to access this resource/api' } } },
    });
    const { data } = await plain.users.list({ customer: 'my_customer', viewType: 'domain_public', maxResults: 5 });
    expect(data.users).toHaveLength(5);
    expect(data.users?.[0]).not.toHaveProperty('suspended');
  });

  test('everything while the API is not enabled', async () => {
    await google.control.setApi({ api: 'admin', enabled: false });
    await expect(directory.users.list({ customer: 'my_customer' })).rejects.toMatchObject({
      status: 403,
      response: {
        data: { error: { errors: [{ reason: 'accessNotConfigured' }], details: [{ reason: 'SERVICE_DISABLED' }] } },
      },
    });
    await google.control.setApi({ api: 'admin', enabled: true });
  });
});

describe('one user', () => {
  test('is found by id, address and, once renamed, by the old address', async () => {
    const added = await google.control.addPerson({ primaryEmail: 'before@acme.example', givenName: 'Nia' });
    await google.control.changePerson({ person: added.id, change: { primaryEmail: 'after@acme.example' } });
    for (const userKey of [added.id, 'after@acme.example', 'BEFORE@acme.example']) {
      const { data } = await directory.users.get({ userKey });
      expect(data).toMatchObject({
        id: added.id,
        primaryEmail: 'after@acme.example',
        aliases: ['before@acme.example'],
      });
    }
  });

  test('has another etag after each change, and answers 304 to the one it has', async () => {
    const { id } = await google.control.addPerson({ primaryEmail: 'etag@acme.example' });
    const { data } = await directory.users.get({ userKey: id });
    const headers = { authorization: `Bearer ${accessToken}`, 'if-none-match': data.etag ?? '' };
    const url = `${google.url}/admin/directory/v1/users/${id}`;
    expect((await fetch(url, { headers })).status).toBe(304);
    await google.control.suspend({ person: id });
    const changed = (await (await fetch(url, { headers })).json()) as v1.Schema$User;
    expect(changed).toMatchObject({ suspended: true, suspensionReason: 'ADMIN' });
    expect(changed.etag).not.toBe(data.etag);
  });

  test('that is deleted and made again has another id', async () => {
    const first = await google.control.addPerson({ primaryEmail: 'again@acme.example' });
    await google.control.deletePerson({ person: first.id });
    const second = await google.control.addPerson({ primaryEmail: 'again@acme.example' });
    expect(second.id).not.toBe(first.id);
  });

  test('has a PNG of 96 pixels when it has a photo, and 404 when not', async () => {
    const { id } = await google.control.addPerson({ primaryEmail: 'photo@acme.example', photoSeed: 7 });
    const { data } = await directory.users.photos.get({ userKey: id });
    const bytes = Buffer.from((data.photoData ?? '').replace(/[=*.\s]+$/, ''), 'base64url');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(data).toMatchObject({ id, width: 96, height: 96 });
    const { data: user } = await directory.users.get({ userKey: id });
    expect(user.thumbnailPhotoEtag).toBe(data.etag);
    const picture = await fetch(user.thumbnailPhotoUrl ?? '');
    expect(Buffer.from(await picture.arrayBuffer()).equals(bytes)).toBe(true);
    await google.control.setPhoto({ person: id, photoSeed: null });
    await expect(directory.users.photos.get({ userKey: id })).rejects.toMatchObject({ status: 404 });
  });
});

test('organizational units and the customer belong to the administrator’s company', async () => {
  const scopes = ['orgunit', 'customer'].map(
    (name) => `https://www.googleapis.com/auth/admin.directory.${name}.readonly`,
  );
  const client = directoryOf(google.url, await connect(google.url, google.acme, { scopes }));
  const units = await client.orgunits.list({ customerId: 'my_customer', orgUnitPath: '/Sales', type: 'children' });
  expect(units.data.organizationUnits?.map((unit) => unit.orgUnitPath)).toEqual(['/Sales/North', '/Sales/South']);
  const { data } = await client.customers.get({ customerKey: 'my_customer' });
  expect(data).toMatchObject({ id: google.acme.customerId, customerDomain: 'acme.example' });
});

test('an answer is compressed only for a client whose user agent says gzip', async () => {
  const url = `${google.url}/admin/directory/v1/users?customer=my_customer`;
  const headers = { authorization: `Bearer ${accessToken}`, 'accept-encoding': 'gzip' };
  expect((await fetch(url, { headers })).headers.get('content-encoding')).toBeNull();
  expect(
    (await fetch(url, { headers: { ...headers, 'user-agent': 'test (gzip)' } })).headers.get('content-encoding'),
  ).toBe('gzip');
});

test('a field that Google does not have is a violation on the answering side', async () => {
  await google.control.addPerson({ primaryEmail: 'odd@acme.example', overrides: { extension: '100' } });
  await directory.users.get({ userKey: 'odd@acme.example' });
  expect(await google.control.violations()).toEqual([
    expect.objectContaining({ side: 'response', problem: expect.stringContaining('extension') }),
  ]);
  await google.control.clearViolations();
  await google.control.deletePerson({ person: 'odd@acme.example' });
});
