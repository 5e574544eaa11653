import type { PeopleCounts, Person } from '../../../people/index.ts';
import { Avatar } from '../components/avatar.tsx';
import { Badge } from '../components/badge.tsx';
import { Empty } from '../components/empty.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pager } from '../components/pager.tsx';

export interface UsersFilter {
  readonly q?: string | undefined;
  readonly state?: 'enabled' | 'disabled' | undefined;
  readonly from?: 'google' | 'hand' | undefined;
}

export interface UsersPageProps {
  readonly base: string;
  readonly people: readonly Person[];
  readonly counts: PeopleCounts;
  readonly filter: UsersFilter;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

export const UserState = ({ person }: { person: Pick<Person, 'enabled' | 'disabledBy'> }) => {
  if (person.enabled) return <Badge tone="good">Enabled</Badge>;
  return (
    <Badge tone="warning">{person.disabledBy === 'administrator' ? 'Disabled by hand' : 'Disabled by sync'}</Badge>
  );
};

const Row = ({ person, path }: { person: Person; path: string }) => (
  <tr>
    <th scope="row">
      <div class="person">
        <Avatar
          displayName={person.displayName}
          photo={person.photo && `/api/v1${path}/${person.id}/photo?v=${person.photo}`}
        />
        <span class="person-name">
          <a href={`${path}/${person.id}`} dir="auto">
            {person.displayName}
          </a>
          <span class="cell-note">{person.email}</span>
        </span>
      </div>
    </th>
    <td class="number" data-label="Number">
      {person.extensionNumber}
    </td>
    <td data-label="Work">{[person.title, person.department].filter(Boolean).join(', ') || '–'}</td>
    <td data-label="State">
      <span class="badges">
        <UserState person={person} />
        {person.googleId ? <Badge tone="info">Google</Badge> : <Badge>By hand</Badge>}
      </span>
    </td>
  </tr>
);

const Filter = ({ path, filter }: { path: string; filter: UsersFilter }) => (
  <search>
    <form method="get" action={path} class="search">
      <input
        type="search"
        name="q"
        value={filter.q}
        placeholder="Name, e-mail or number"
        aria-label="Name, e-mail or number"
      />
      <select name="state" aria-label="State">
        <option value="">Any state</option>
        <option value="enabled" selected={filter.state === 'enabled'}>
          Enabled
        </option>
        <option value="disabled" selected={filter.state === 'disabled'}>
          Disabled
        </option>
      </select>
      <select name="from" aria-label="Where from">
        <option value="">From anywhere</option>
        <option value="google" selected={filter.from === 'google'}>
          From Google
        </option>
        <option value="hand" selected={filter.from === 'hand'}>
          Made by hand
        </option>
      </select>
      <button type="submit" class="secondary outline">
        Search
      </button>
    </form>
  </search>
);

const NoUsers = ({ base }: { base: string }) => (
  <Empty icon="people" title="There are no users yet">
    <p>Connect Google Workspace and synchronize: everybody gets an extension and a number. Or add one by hand.</p>
    <p>
      <a class="button" href={`${base}/google-workspace`}>
        Connect Google Workspace
      </a>
    </p>
  </Empty>
);

const leadOf = ({ all, bound }: PeopleCounts): string =>
  `${all.toLocaleString('en')} extensions, ${bound.toLocaleString('en')} of them from Google.`;

/** The extension users of a tenant. */
export const UsersPage = ({ base, people, counts, filter, nextCursor, isFirst }: UsersPageProps) => {
  const path = `${base}/users`;
  const query = Object.fromEntries(Object.entries(filter).filter((entry) => Boolean(entry[1])));
  return (
    <>
      <PageHead title="Users" lead={leadOf(counts)}>
        <a class="button" href={`${path}/new`}>
          <Icon name="plus" />
          Add user
        </a>
      </PageHead>
      {counts.all === 0 ? (
        <NoUsers base={base} />
      ) : (
        <>
          <Filter path={path} filter={filter} />
          {people.length === 0 ? (
            <Empty icon="people" title="Nobody matches">
              <p>
                <a href={path}>Show everybody</a>
              </p>
            </Empty>
          ) : (
            <div class="table-frame">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Number</th>
                    <th scope="col">Work</th>
                    <th scope="col">State</th>
                  </tr>
                </thead>
                <tbody>
                  {people.map((person) => (
                    <Row person={person} path={path} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <Pager path={path} query={query} nextCursor={nextCursor} isFirst={isFirst} />
        </>
      )}
    </>
  );
};
