import type { PeopleCounts, Person } from '../../../people/index.ts';
import { Badge } from '../components/badge.tsx';
import { Empty } from '../components/empty.tsx';
import { Pager } from '../components/pager.tsx';

export interface UsersPageProps {
  readonly base: string;
  readonly people: readonly Person[];
  readonly counts: PeopleCounts;
  readonly search: string | undefined;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

const initials = ({ displayName }: Person): string =>
  displayName
    .split(/\s+/u)
    .map((word) => [...word][0] ?? '')
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join('')
    .toUpperCase();

const Row = ({ person }: { person: Person }) => (
  <tr>
    <td class="number">{person.extensionNumber}</td>
    <td>
      <div class="person">
        <span class="avatar" aria-hidden="true">
          {initials(person)}
        </span>
        <span>
          <strong dir="auto">{person.displayName}</strong>
          <br />
          <span class="muted">{person.email}</span>
        </span>
      </div>
    </td>
    <td>{[person.title, person.department].filter(Boolean).join(', ')}</td>
    <td>
      {person.enabled ? <Badge tone="good">Enabled</Badge> : <Badge tone="warning">Disabled</Badge>}{' '}
      {person.googleId && <Badge tone="info">Google</Badge>}
    </td>
  </tr>
);

/** The extension users of a tenant. */
export const UsersPage = ({ base, people, counts, search, nextCursor, isFirst }: UsersPageProps) => {
  const path = `${base}/users`;
  if (counts.all === 0) {
    return (
      <Empty icon="people" title="There are no users yet">
        <p>Connect Google Workspace and synchronize: everybody gets an extension and a number.</p>
        <p>
          <a class="button" href={`${base}/google-workspace`}>
            Connect Google Workspace
          </a>
        </p>
      </Empty>
    );
  }
  return (
    <>
      <search>
        <form method="get" action={path} class="search">
          <input
            type="search"
            name="q"
            value={search}
            placeholder="Name, e-mail or number"
            aria-label="Name, e-mail or number"
          />
          <button type="submit" class="secondary">
            Search
          </button>
        </form>
      </search>
      {people.length === 0 ? (
        <Empty icon="people" title="Nobody matches" />
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">Number</th>
                <th scope="col">Name</th>
                <th scope="col">Work</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person) => (
                <Row person={person} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager path={path} query={search ? { q: search } : {}} nextCursor={nextCursor} isFirst={isFirst} />
    </>
  );
};
