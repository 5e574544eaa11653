// What somebody would write instead: one pass over the directory into one table, with no plan, brakes, numbers, log or
// resume. The benchmark runs it beside the product, on the same database and directory.
//   rawjson  fetch every page and parse it, store nothing: the wire
//   copy     the same, then COPY into a temporary table and one merge: the store
//   diff     Google's client, a content hash for each person, changed rows only, the next page fetched meanwhile
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { admin, auth } from '@googleapis/admin';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

type GoogleUser = {
  id: string;
  primaryEmail: string;
  name?: { givenName?: string; familyName?: string };
  phones?: { value?: string }[];
  organizations?: { title?: string; department?: string }[];
  suspended?: boolean;
};
type Page = { users?: GoogleUser[]; nextPageToken?: string };

const { values } = parseArgs({
  options: {
    mode: { type: 'string' },
    google: { type: 'string', default: '' },
    token: { type: 'string', default: '' },
    database: { type: 'string', default: '' },
  },
});

const COLUMNS = 'google_id, email, given_name, family_name, phone, title, department, active, raw';
const UPDATE = COLUMNS.split(', ')
  .slice(1)
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');

const rowOf = (user: GoogleUser): (string | boolean | null)[] => [
  user.id,
  user.primaryEmail,
  user.name?.givenName ?? null,
  user.name?.familyName ?? null,
  user.phones?.[0]?.value ?? null,
  user.organizations?.[0]?.title ?? null,
  user.organizations?.[0]?.department ?? null,
  !user.suspended,
  JSON.stringify(user),
];

async function* fetchPages(): AsyncGenerator<GoogleUser[]> {
  let pageToken: string | undefined;
  do {
    const url = new URL('/admin/directory/v1/users?customer=my_customer&maxResults=500', values.google);
    if (pageToken) url.searchParams.set('pageToken', pageToken);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${values.token}` } });
    if (!answer.ok) throw new Error(`Google answered ${answer.status}`);
    const page = (await answer.json()) as Page;
    yield page.users ?? [];
    pageToken = page.nextPageToken;
  } while (pageToken);
}

async function* clientPages(): AsyncGenerator<GoogleUser[]> {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: values.token });
  const directory = admin({ version: 'directory_v1', auth: client, rootUrl: `${values.google}/` });
  let pageToken: string | undefined;
  do {
    const { data } = await directory.users.list({
      customer: 'my_customer',
      maxResults: 500,
      ...(pageToken && { pageToken }),
    });
    yield (data.users ?? []) as GoogleUser[];
    pageToken = data.nextPageToken ?? undefined;
  } while (pageToken);
}

/** Asks for the next page while the caller works on this one. */
async function* ahead<T>(pages: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = pages.next();
  for (;;) {
    const { value, done } = await next;
    if (done) return;
    next = pages.next();
    next.catch(() => undefined);
    yield value;
  }
}

const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: values.database });
  await client.connect();
  await client.query(`create table if not exists plain_user (
    google_id text primary key, email text not null unique, given_name text, family_name text, phone text, title text,
    department text, active boolean not null, raw jsonb not null, hash text, deleted_at timestamptz)`);
  return client;
};

const copyText = (value: string | boolean | null): string =>
  value === null
    ? '\\N'
    : String(value).replace(
        /[\\\n\r\t]/g,
        (character) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[character] ?? '',
      );

const modes: Record<string, () => Promise<number>> = {
  async rawjson() {
    let people = 0;
    for await (const users of fetchPages()) people += users.length;
    return people;
  },

  async copy() {
    const client = await connect();
    let people = 0;
    await client.query('begin');
    await client.query('create temp table incoming (like plain_user) on commit drop');
    const sink = client.query(copyFrom(`copy incoming (${COLUMNS}) from stdin`));
    for await (const users of ahead(fetchPages())) {
      people += users.length;
      const text = users.map((user) => `${rowOf(user).map(copyText).join('\t')}\n`).join('');
      if (!sink.write(text)) await once(sink, 'drain');
    }
    sink.end();
    await finished(sink);
    await client.query(`insert into plain_user (${COLUMNS}) select ${COLUMNS} from incoming
      on conflict (google_id) do update set ${UPDATE} where plain_user.raw is distinct from excluded.raw`);
    await client.query('commit');
    await client.end();
    return people;
  },

  async diff() {
    const client = await connect();
    const { rows } = await client.query('select google_id, hash from plain_user where deleted_at is null');
    const known = new Map<string, string>(rows.map((row) => [row.google_id, row.hash]));
    let people = 0;
    for await (const users of ahead(clientPages())) {
      people += users.length;
      const changed = users.flatMap((user) => {
        const hash = createHash('sha1').update(JSON.stringify(user)).digest('base64');
        const before = known.get(user.id);
        known.delete(user.id);
        return before === hash ? [] : [[...rowOf(user), hash]];
      });
      if (changed.length === 0) continue;
      const columns = changed[0]?.map((_, column) => changed.map((row) => row[column])) ?? [];
      await client.query(
        `insert into plain_user (${COLUMNS}, hash)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
           $8::boolean[], $9::jsonb[], $10::text[])
         on conflict (google_id) do update set ${UPDATE}, hash = excluded.hash, deleted_at = null`,
        columns,
      );
    }
    if (known.size > 0) {
      await client.query('update plain_user set deleted_at = now() where google_id = any($1)', [[...known.keys()]]);
    }
    await client.end();
    return people;
  },
};

const run = modes[values.mode ?? ''];
if (!run) throw new Error(`--mode ${Object.keys(modes).join('|')}`);
const startedAt = performance.now();
const people = await run();
const seconds = (performance.now() - startedAt) / 1000;
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ mode: values.mode, people, seconds, peakMb }));
