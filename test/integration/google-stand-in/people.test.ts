import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type Seeded, startSeeded } from './connected.ts';

let google: Seeded;
let accessToken: string;

type People = {
  people?: { resourceName: string; metadata?: { deleted?: boolean }; names?: { displayName: string }[] }[];
  nextPageToken?: string;
  nextSyncToken?: string;
};

beforeAll(async () => {
  google = await startSeeded();
  const scopes = ['openid', 'profile', 'https://www.googleapis.com/auth/directory.readonly'];
  const oauth = await connect(google.url, google.acme, { scopes, email: google.acme.user.email });
  accessToken = oauth.credentials.access_token ?? '';
});
afterAll(async () => {
  expect((await google.control.violations()).filter(({ side }) => side === 'response')).toEqual([]);
  await google.close();
});

async function call(path: string): Promise<{ status: number; body: People }> {
  const response = await fetch(`${google.url}${path}`, { headers: { authorization: `Bearer ${accessToken}` } });
  return { status: response.status, body: (await response.json()) as People };
}

const directory =
  '/v1/people:listDirectoryPeople?sources=DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE&readMask=names,emailAddresses';

describe('the organization’s directory', () => {
  test('shows everyone who is active, page by page, to someone who is no administrator', async () => {
    const names = new Set<string>();
    let pageToken = '';
    do {
      const { body } = await call(`${directory}&pageSize=20${pageToken && `&pageToken=${pageToken}`}`);
      for (const { resourceName } of body.people ?? []) names.add(resourceName);
      pageToken = body.nextPageToken ?? '';
    } while (pageToken);
    expect(names.size).toBe(google.acme.active);
  });

  test('tells since a sync token who changed and who is gone', async () => {
    const { body } = await call(`${directory}&pageSize=1000&requestSyncToken=true`);
    const added = await google.control.addPerson({ primaryEmail: 'new@acme.example', givenName: 'New' });
    const gone = await google.control.addPerson({ primaryEmail: 'gone@acme.example', givenName: 'Gone' });
    await google.control.deletePerson({ person: gone.id });
    const { body: changes } = await call(
      `${directory}&pageSize=1000&requestSyncToken=true&syncToken=${body.nextSyncToken}`,
    );
    expect(changes.people).toMatchObject([
      { resourceName: `people/${added.id}`, names: [{ displayName: 'New' }] },
      { resourceName: `people/${gone.id}`, metadata: { deleted: true } },
    ]);
    expect(changes.nextSyncToken).not.toBe(body.nextSyncToken);
  });

  test('is searched by prefix', async () => {
    const { body } = await call(`${directory.replace('list', 'search')}&query=admin`);
    expect(body.people).toMatchObject([{ resourceName: `people/${google.acme.admin.id}` }]);
  });

  test.each([
    ['without a mask', '/v1/people:listDirectoryPeople?sources=DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE'],
    ['without sources', '/v1/people:listDirectoryPeople?readMask=names'],
    ['with a field that people do not have', `${directory},orgUnitPath`],
    ['with too large a page', `${directory}&pageSize=1001`],
  ])('is refused %s', async (_, path) => {
    expect((await call(path)).status).toBe(400);
  });
});

test('one person is oneself or a colleague', async () => {
  const { body } = await call('/v1/people/me?personFields=names');
  expect(body).toMatchObject({ resourceName: `people/${google.acme.user.id}` });
  expect((await call(`/v1/people/${google.acme.admin.id}?personFields=names,photos`)).status).toBe(200);
  expect((await call(`/v1/people/${google.borealis.admin.id}?personFields=names`)).status).toBe(404);
});
