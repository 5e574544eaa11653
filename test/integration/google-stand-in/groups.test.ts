import type { admin_directory_v1 as v1 } from '@googleapis/admin';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, directoryOf, directoryScope, type Seeded, startSeeded } from './connected.ts';

const groupScope = 'https://www.googleapis.com/auth/admin.directory.group.readonly';
const memberScope = 'https://www.googleapis.com/auth/admin.directory.group.member.readonly';
const unitScope = 'https://www.googleapis.com/auth/admin.directory.orgunit.readonly';
const domainScope = 'https://www.googleapis.com/auth/admin.directory.domain.readonly';

let google: Seeded;
let directory: v1.Admin;

beforeAll(async () => {
  google = await startSeeded({
    companies: [
      { domain: 'acme.example', name: 'Acme', secondaryDomain: 'labs.example', people: 60 },
      { domain: 'borealis.example', secondaryDomain: 'north.example', people: 12 },
    ],
  });
  const scopes = ['openid', 'email', groupScope, unitScope, domainScope];
  directory = directoryOf(google.url, await connect(google.url, google.acme, { scopes }));
});
afterEach(async () => {
  expect(await google.control.violations()).toEqual([]);
});
afterAll(() => google.close());

const membersOf = async (groupKey: string, params: Omit<v1.Params$Resource$Members$List, 'groupKey'> = {}) => {
  const members: v1.Schema$Member[] = [];
  for (let pageToken: string | undefined; ; ) {
    const { data } = await directory.members.list({ groupKey, ...params, ...(pageToken && { pageToken }) });
    members.push(...(data.members ?? []));
    if (!data.nextPageToken) return members;
    pageToken = data.nextPageToken;
  }
};

const reasonOf = async (work: Promise<unknown>): Promise<{ status: unknown; reason: unknown }> => {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  return { status: error?.response?.status, reason: error?.response?.data?.error?.errors?.[0]?.reason };
};

describe('groups', () => {
  test('are seeded in both companies, and each administrator sees the own ones only', async () => {
    const { data } = await directory.groups.list({ customer: 'my_customer' });
    expect(data.groups?.map(({ email }) => email)).toEqual(
      ['office', 'phones', 'sales', 'support', 'visitors'].map((name) => `${name}@acme.example`),
    );
    await expect(directory.groups.get({ groupKey: 'sales@acme.example' })).resolves.toMatchObject({
      data: { kind: 'admin#directory#group', name: 'Sales', adminCreated: true },
    });
    expect(await reasonOf(directory.groups.get({ groupKey: 'sales@borealis.example' }))).toEqual({
      status: 403,
      reason: 'forbidden',
    });
  });

  test('are found by the beginning of their address or name, by domain, and by a member', async () => {
    const found = async (params: v1.Params$Resource$Groups$List) =>
      (await directory.groups.list(params)).data.groups?.map(({ name }) => name);
    expect(await found({ customer: 'my_customer', query: 'email:s*' })).toEqual(['Sales', 'Support']);
    expect(await found({ customer: 'my_customer', query: "name:'Vis'*" })).toEqual(['Visitors']);
    expect(await found({ customer: 'my_customer', query: 'email=nobody@acme.example' })).toBeUndefined();
    expect(await found({ domain: 'labs.example' })).toBeUndefined();
    expect(await found({ customer: 'my_customer', query: 'memberKey=sales@acme.example' })).toEqual(['Office']);
  });

  test('are listed in pages, and a page token that died is refused', async () => {
    const first = await directory.groups.list({ customer: 'my_customer', maxResults: 2 });
    const pageToken = first.data.nextPageToken ?? '';
    const second = await directory.groups.list({ customer: 'my_customer', maxResults: 2, pageToken });
    expect(second.data.groups?.map(({ name }) => name)).toEqual(['Sales', 'Support']);
    await google.control.expirePageTokens();
    expect(await reasonOf(directory.groups.list({ customer: 'my_customer', maxResults: 2, pageToken }))).toEqual({
      status: 400,
      reason: 'invalid',
    });
  });

  test('that were deleted are not found', async () => {
    await google.control.addGroup({ email: 'brief@acme.example' });
    await google.control.deleteGroup({ group: 'brief@acme.example' });
    expect(await reasonOf(directory.members.list({ groupKey: 'brief@acme.example' }))).toEqual({
      status: 404,
      reason: 'notFound',
    });
  });
});

describe('members', () => {
  test('of groups within come with derived membership only, each once', async () => {
    const direct = await membersOf('office@acme.example');
    expect(direct.map(({ type }) => type)).toEqual(['GROUP', 'GROUP']);
    const all = await membersOf('office@acme.example', { includeDerivedMembership: true, maxResults: 3 });
    const people = all.filter(({ type }) => type === 'USER').map(({ id }) => id);
    const expected = [...(await membersOf('sales@acme.example')), ...(await membersOf('support@acme.example'))];
    expect(new Set(people)).toEqual(new Set(expected.map(({ id }) => id)));
    expect(new Set(people).size).toBe(people.length);
  });

  test('have roles and a state, follow a rename, and leave with the person', async () => {
    const person = await google.control.addPerson({ primaryEmail: 'mia@acme.example', givenName: 'Mia' });
    await google.control.addGroup({ email: 'crew@acme.example' });
    await google.control.addGroupMember({ group: 'crew@acme.example', member: person.id, role: 'OWNER' });
    await google.control.changePerson({ person: person.id, change: { primaryEmail: 'mia.new@acme.example' } });
    expect(await membersOf('crew@acme.example', { roles: 'OWNER,MANAGER' })).toMatchObject([
      { id: person.id, email: 'mia.new@acme.example', role: 'OWNER', status: 'ACTIVE', type: 'USER' },
    ]);
    expect(await membersOf('crew@acme.example', { roles: 'MEMBER' })).toEqual([]);
    await google.control.deletePerson({ person: person.id });
    const { data } = await directory.members.list({ groupKey: 'crew@acme.example' });
    expect(data).not.toHaveProperty('members');
  });

  test('may be everyone in the company, or somebody of another one', async () => {
    await google.control.addGroup({ email: 'all@acme.example' });
    await google.control.addGroupMember({ group: 'all@acme.example', member: 'CUSTOMER' });
    await google.control.addGroupMember({ group: 'all@acme.example', member: google.borealis.admin.email });
    const members = await membersOf('all@acme.example');
    expect(members.find(({ type }) => type === 'CUSTOMER')).toMatchObject({ id: google.acme.customerId });
    expect(members.find(({ type }) => type === 'CUSTOMER')).not.toHaveProperty('email');
    expect(members.find(({ type }) => type === 'USER')).toMatchObject({ email: google.borealis.admin.email });
  });

  test('can be asked about one by one, nested ones too', async () => {
    const [seller] = await membersOf('sales@acme.example');
    const has = async (memberKey: string) =>
      (await directory.members.hasMember({ groupKey: 'office@acme.example', memberKey })).data.isMember;
    expect(await has(seller?.id ?? '')).toBe(true);
    const added = await google.control.addPerson({ primaryEmail: 'loner@acme.example' });
    expect(await has(added.id)).toBe(false);
    const within = { groupKey: 'office@acme.example', memberKey: seller?.id ?? '' };
    expect(await reasonOf(directory.members.get(within))).toEqual({ status: 404, reason: 'notFound' });
  });

  test('never make a circle of groups', async () => {
    const circle = google.control.addGroupMember({ group: 'sales@acme.example', member: 'office@acme.example' });
    await expect(circle).rejects.toThrow(/hold each other/);
  });

  test('come at most 200 a page, and asking for more is recorded', async () => {
    const refused = reasonOf(directory.members.list({ groupKey: 'sales@acme.example', maxResults: 500 }));
    expect(await refused).toEqual({ status: 400, reason: 'invalid' });
    expect(await google.control.violations()).toHaveLength(1);
    await google.control.clearViolations();
  });
});

describe('organizational units', () => {
  const unitsOf = async (params: Omit<v1.Params$Resource$Orgunits$List, 'customerId'>) => {
    const { data } = await directory.orgunits.list({ customerId: 'my_customer', ...params });
    return data.organizationUnits?.map(({ orgUnitPath }) => orgUnitPath) ?? [];
  };

  test('are one by path or id, and the root belongs to the list with its parent', async () => {
    const all = await unitsOf({ type: 'all' });
    expect(all).toEqual(expect.arrayContaining(['/Sales', '/Sales/North', '/Offices/Köln', '/Unstaffed']));
    expect(all).not.toContain('/');
    expect(await unitsOf({ type: 'allIncludingParent' })).toEqual(['/', ...all]);
    const { data } = await directory.orgunits.get({ customerId: 'my_customer', orgUnitPath: 'Sales/North' });
    expect(data).toMatchObject({ name: 'North', parentOrgUnitPath: '/Sales' });
    await expect(
      directory.orgunits.get({ customerId: 'my_customer', orgUnitPath: data.orgUnitId ?? '' }),
    ).resolves.toMatchObject({ data: { orgUnitPath: '/Sales/North' } });
  });

  test('take their people along when they are renamed', async () => {
    const moved = await google.control.renameOrgUnit({ domain: 'acme.example', from: '/Sales', to: '/Revenue' });
    expect(moved).toBeGreaterThan(0);
    const units = await unitsOf({ type: 'all' });
    expect(units).toEqual(expect.arrayContaining(['/Revenue', '/Revenue/North']));
    expect(units).not.toContain('/Sales');
    await google.control.renameOrgUnit({ domain: 'acme.example', from: '/Revenue', to: '/Sales' });
  });
});

test('Domains are listed, the primary one first.', async () => {
  const { data } = await directory.domains.list({ customer: 'my_customer' });
  expect(data.domains?.map(({ domainName, isPrimary }) => [domainName, isPrimary])).toEqual([
    ['acme.example', true],
    ['labs.example', false],
  ]);
});

test('Each method takes its own access, and the directory of people opens no group.', async () => {
  const users = directoryOf(google.url, await connect(google.url, google.acme, { scopes: [directoryScope] }));
  const refused = { status: 403, reason: 'insufficientPermissions' };
  expect(await reasonOf(users.groups.list({ customer: 'my_customer' }))).toEqual(refused);
  expect(await reasonOf(users.members.list({ groupKey: 'sales@acme.example' }))).toEqual(refused);
  expect(await reasonOf(users.orgunits.list({ customerId: 'my_customer' }))).toEqual(refused);
  const members = directoryOf(google.url, await connect(google.url, google.acme, { scopes: [memberScope] }));
  await expect(members.members.list({ groupKey: 'sales@acme.example' })).resolves.toMatchObject({ status: 200 });
  expect(await reasonOf(members.groups.get({ groupKey: 'sales@acme.example' }))).toEqual(refused);
});
