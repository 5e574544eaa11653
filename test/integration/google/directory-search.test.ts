import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createGoogleDirectorySearch, type GoogleDirectorySearch } from '../../../src/google/directory-search.ts';
import { createGoogleGroups, type GoogleGroups } from '../../../src/google/groups.ts';
import { SCOPES } from '../../../src/google/scopes.ts';
import { endpointsAt } from '../../support/in-line-authorization.ts';
import { connect, type Seeded, startSeeded } from '../google-stand-in/connected.ts';

let google: Seeded;
let search: GoogleDirectorySearch;
let groups: GoogleGroups;
let accessToken: string;

beforeAll(async () => {
  google = await startSeeded({
    companies: [
      { domain: 'acme.example', people: 30, secondaryDomain: 'labs.example' },
      { domain: 'borealis.example', people: 10 },
    ],
  });
  const { control } = google;
  for (const [local, givenName, familyName] of [
    ['zoe.quill', 'Zoe', 'Quill'],
    ['zoe.quinn', 'Zoe', 'Quinn'],
    ['quincy', 'Quincy', 'Zoey'],
    ['sean.oquill', 'Sean', 'O’Quill'],
  ]) {
    await control.addPerson({ primaryEmail: `${local}@acme.example`, givenName, familyName });
  }
  await control.suspend({ person: 'zoe.quinn@acme.example' });
  const scopes = [SCOPES.openid, SCOPES.email, SCOPES.directoryUsers, SCOPES.directoryGroups, SCOPES.directoryOrgUnits];
  const { credentials } = await connect(google.url, google.acme, { scopes });
  accessToken = credentials.access_token ?? '';
  search = createGoogleDirectorySearch(endpointsAt(google.url));
  groups = createGoogleGroups(endpointsAt(google.url));
});
afterEach(async () => {
  await google.control.clearFaults();
  expect(await google.control.violations()).toEqual([]);
});
afterAll(() => google.close());

const coded = (code: string) => expect.objectContaining({ code });

describe('a search for people', () => {
  const emails = async (text: string) => (await search.searchUsers({ accessToken, text })).map(({ email }) => email);

  it('finds the beginning of an address, a given or a family name, whatever its case', async () => {
    expect(await emails('ZOE.QU')).toEqual(['zoe.quill@acme.example', 'zoe.quinn@acme.example']);
    expect(await emails('ZOEY')).toEqual(['quincy@acme.example']);
    expect(await emails('quincy')).toEqual(['quincy@acme.example']);
  });

  it('takes two words for a name, in either order', async () => {
    expect(await emails('zoe quil')).toEqual(['zoe.quill@acme.example']);
    expect(await emails('quil zoe')).toEqual(['zoe.quill@acme.example']);
  });

  it('takes signs of the query language for what they are', async () => {
    expect(await emails("o'quill isAdmin=true")).toEqual([]);
    expect(await emails("'")).toEqual([]);
    expect(await emails('(zoe')).toEqual([]);
    expect(await emails('o’qu')).toEqual(['sean.oquill@acme.example']);
  });

  it('tells who is suspended, and shows at most 20', async () => {
    const [found] = await search.searchUsers({ accessToken, text: 'zoe.quinn@acme' });
    expect(found).toMatchObject({ name: 'Zoe Quinn', suspended: true });
    for (let i = 0; i < 22; i++) await google.control.addPerson({ primaryEmail: `yara${i}@acme.example` });
    expect(await emails('yara')).toHaveLength(20);
  });

  it('ends at the first refusal, with the pause that Google names', async () => {
    const fault = { pathPrefix: '/admin', kind: 'error', status: 429, reason: 'rateLimitExceeded' } as const;
    await google.control.addFault({ ...fault, message: 'Slow down' });
    await google.control.clearRequests();
    await expect(search.searchUsers({ accessToken, text: 'zoe' })).rejects.toMatchObject({ kind: 'throttled' });
    expect((await google.control.requests()).length).toBeLessThanOrEqual(3);
  });
});

it('Groups are found by the beginning of their address or name.', async () => {
  await google.control.addGroup({ email: 'fieldwork@acme.example', name: 'Sales abroad' });
  expect((await search.searchGroups({ accessToken, text: 'sales' })).map(({ email }) => email)).toEqual([
    'fieldwork@acme.example',
    'sales@acme.example',
  ]);
});

it('Organizational units are listed whole, the root too.', async () => {
  const units = (await search.listOrgUnits({ accessToken })).map(({ path }) => path);
  expect(units).toEqual(expect.arrayContaining(['/', '/Sales', '/Sales/North', '/Unstaffed']));
});

describe('the members of a group', () => {
  const peopleOf = async (group: string) => {
    const found: string[] = [];
    for (let pageToken: string | undefined; ; ) {
      const page = await groups.listMembers({ accessToken, group, pageToken });
      found.push(...page.googleIds);
      if (!page.nextPageToken) return found;
      pageToken = page.nextPageToken;
    }
  };

  it('are people, those of the groups within included, each once', async () => {
    const [sales, support, office] = await Promise.all(
      ['sales', 'support', 'office'].map((name) => peopleOf(`${name}@acme.example`)),
    );
    expect(new Set(office)).toEqual(new Set([...(sales ?? []), ...(support ?? [])]));
    expect(new Set(office).size).toBe(office?.length);
  });

  it('may be the whole company', async () => {
    await google.control.addGroup({ email: 'all@acme.example' });
    await google.control.addGroupMember({ group: 'all@acme.example', member: 'CUSTOMER' });
    const page = await groups.listMembers({ accessToken, group: 'all@acme.example' });
    expect(page).toEqual({ googleIds: [], holdsEveryone: true, nextPageToken: undefined });
  });

  it('come in pages, and a page token that died is told apart from everything else', async () => {
    await google.control.addGroup({ email: 'crowd@acme.example' });
    for (let i = 0; i < 205; i++) {
      await google.control.addGroupMember({ group: 'crowd@acme.example', member: `guest${i}@elsewhere.example` });
    }
    expect(await peopleOf('crowd@acme.example')).toHaveLength(205);
    const { nextPageToken } = await groups.listMembers({ accessToken, group: 'crowd@acme.example' });
    await google.control.expirePageTokens();
    const next = groups.listMembers({ accessToken, group: 'crowd@acme.example', pageToken: nextPageToken });
    await expect(next).rejects.toEqual(coded('GOOGLE_PAGE_TOKEN_REJECTED'));
  });

  it('of a group that is gone, or of another company, say so and what to do', async () => {
    const gone = groups.listMembers({ accessToken, group: 'gone@acme.example' });
    await expect(gone).rejects.toEqual(coded('GOOGLE_GROUP_NOT_FOUND'));
    await expect(gone).rejects.toMatchObject({ publicMessage: expect.stringContaining('Take it out of the scope') });
    const foreign = groups.listMembers({ accessToken, group: 'sales@borealis.example' });
    await expect(foreign).rejects.toEqual(coded('GOOGLE_GROUP_FORBIDDEN'));
  });

  it('can be asked about one by one', async () => {
    const [seller = ''] = await peopleOf('sales@acme.example');
    const ask = (person: string) => groups.hasMember({ accessToken, group: 'office@acme.example', person });
    expect(await ask(seller)).toBe(true);
    expect(await ask('zoe.quill@acme.example')).toBe(false);
  });
});
