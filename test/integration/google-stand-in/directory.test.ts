import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, directoryOf, type Seeded, startSeeded } from './connected.ts';

describe('a listing of 1,000 users', () => {
  let google: Seeded;
  let directory: ReturnType<typeof directoryOf>;

  beforeAll(async () => {
    google = await startSeeded({
      companies: [{ domain: 'acme.example', secondaryDomain: 'labs.example', people: 1_000 }],
    });
    directory = directoryOf(google.url, await connect(google.url, google.acme));
  });
  afterAll(async () => {
    expect(await google.control.violations()).toEqual([]);
    await google.close();
  });

  test('gives every user once, in order of their addresses', async () => {
    const emails: string[] = [];
    let pageToken: string | undefined;
    let pages = 0;
    do {
      const { data } = await directory.users.list({
        customer: 'my_customer',
        maxResults: 300,
        ...(pageToken && { pageToken }),
      });
      emails.push(...(data.users ?? []).map((user) => user.primaryEmail ?? ''));
      pageToken = data.nextPageToken ?? undefined;
      pages += 1;
    } while (pageToken);
    expect(pages).toBe(4);
    expect(new Set(emails).size).toBe(1_000);
    expect(emails).toEqual(emails.toSorted());
  });
});
