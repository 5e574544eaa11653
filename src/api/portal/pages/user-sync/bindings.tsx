import type { BindingRow } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { Icon } from '../../components/icon.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Pager } from '../../components/pager.tsx';
import { Time } from '../../components/time.tsx';

const ORIGINS: Readonly<Record<BindingRow['origin'], string>> = {
  created: 'Made by a sync',
  linked: 'Linked by a sync',
  hand: 'Made by hand',
};

export interface BindingsPageProps {
  /** Of the tab USER SYNC. */
  readonly base: string;
  readonly rows: readonly BindingRow[];
  readonly search: string | undefined;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
  readonly timeZone: string;
}

const Row = ({ row, path, timeZone }: { row: BindingRow; path: string; timeZone: string }) => {
  const who = row.google_email ?? row.google_id;
  return (
    <tr>
      <th scope="row">
        <span dir="auto">{row.google_name ?? who}</span>
        <span class="cell-note">{who}</span>
        {row.suspended && <Badge tone="warning">Suspended in Google</Badge>}
      </th>
      <td data-label="Extension">
        <span class="number">{row.extension_number}</span> <span dir="auto">{row.display_name}</span>{' '}
        {!row.enabled && <Badge tone="warning">Disabled</Badge>}
      </td>
      <td data-label="How">
        {ORIGINS[row.origin]}
        <span class="cell-note">
          <Time at={new Date(row.since)} timeZone={timeZone} />
        </span>
      </td>
      <td>
        <a href={`${path}/${row.google_id}/delete`} aria-label={`Delete the binding of ${who}`}>
          Delete
        </a>
      </td>
    </tr>
  );
};

const Table = ({ rows, path, timeZone }: { rows: readonly BindingRow[]; path: string; timeZone: string }) => (
  <div class="table-frame">
    <table>
      <thead>
        <tr>
          <th scope="col">Person in Google</th>
          <th scope="col">Extension</th>
          <th scope="col">How, and since when</th>
          <th scope="col">
            <span class="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row row={row} path={path} timeZone={timeZone} />
        ))}
      </tbody>
    </table>
  </div>
);

/** Who has which extension, and what an administrator may do about it. */
export const BindingsPage = ({ base, rows, search, nextCursor, isFirst, timeZone }: BindingsPageProps) => {
  const path = `${base}/bindings`;
  return (
    <>
      <PageHead
        title="Bindings"
        lead="Which person of Google has which extension. A binding made by hand wins over matching by e-mail."
        back={{ href: base, label: 'User sync' }}
      >
        <a class="button" href={`${path}/new`}>
          <Icon name="plus" />
          Add
        </a>
        <a class="button secondary outline" href={`${path}/match`}>
          Match Google and PBX users based on e-mail
        </a>
      </PageHead>
      <search>
        <form method="get" action={path} class="search">
          <input
            type="search"
            name="q"
            value={search}
            placeholder="Name, e-mail or number"
            aria-label="Name, e-mail or number"
          />
          <button type="submit" class="secondary outline">
            Search
          </button>
        </form>
      </search>
      {rows.length > 0 && <Table rows={rows} path={path} timeZone={timeZone} />}
      {rows.length === 0 && (
        <Empty icon="people" title={search ? 'Nobody matches' : 'Nobody is bound yet'}>
          <p>
            {search ? <a href={path}>Show all bindings</a> : 'Add a person, match by e-mail, or let a sync do both.'}
          </p>
        </Empty>
      )}
      <Pager path={path} query={search ? { q: search } : {}} nextCursor={nextCursor} isFirst={isFirst} />
    </>
  );
};
