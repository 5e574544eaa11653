import { type ExtensionNumber, NUMBER_OWNERS, type NumberOwner } from '../../../people/index.ts';
import { Empty } from '../components/empty.tsx';
import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pager } from '../components/pager.tsx';
import { Problem } from '../components/problem.tsx';
import { Select } from '../components/select.tsx';
import type { FormState } from '../form.ts';

const OWNERS: Readonly<Record<ExtensionNumber['ownerKind'], string>> = {
  user: 'User',
  'ring-group': 'Ring group',
  queue: 'Queue',
  conference: 'Conference room',
  'virtual-receptionist': 'Virtual receptionist',
  other: 'Something else',
};

const ownerChoices = NUMBER_OWNERS.map((value: NumberOwner) => ({ value, label: OWNERS[value] }));

export interface NumbersFilter {
  readonly q?: string | undefined;
  /** Of what; without it, of everything but users. */
  readonly of?: ExtensionNumber['ownerKind'] | 'everything' | undefined;
}

export interface NumbersPageProps {
  readonly base: string;
  readonly numbers: readonly ExtensionNumber[];
  readonly filter: NumbersFilter;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

const Row = ({ base, number: { number, ownerKind, label, userId } }: { base: string; number: ExtensionNumber }) => (
  <tr>
    <th scope="row" class="number">
      {number}
    </th>
    <td data-label="Of">{OWNERS[ownerKind]}</td>
    <td data-label="Called" dir="auto">
      {userId ? <a href={`${base}/users/${userId}`}>{label}</a> : (label ?? '–')}
    </td>
    <td class="row-actions">
      {ownerKind !== 'user' && (
        <a href={`${base}/numbers/${number}/remove`} class="destructive" aria-label={`Remove number ${number}`}>
          Remove
        </a>
      )}
    </td>
  </tr>
);

const Filter = ({ path, filter }: { path: string; filter: NumbersFilter }) => (
  <search>
    <form method="get" action={path} class="search">
      <input type="search" name="q" value={filter.q} placeholder="Number or name" aria-label="Number or name" />
      <select name="of" aria-label="Numbers of">
        <option value="">Everything but users</option>
        <option value="everything" selected={filter.of === 'everything'}>
          Everything
        </option>
        {Object.entries(OWNERS).map(([value, label]) => (
          <option value={value} selected={filter.of === value}>
            {label}
          </option>
        ))}
      </select>
      <button type="submit" class="secondary outline">
        Search
      </button>
    </form>
  </search>
);

const isFiltered = ({ q, of }: NumbersFilter): boolean => Boolean(q || of);

/** Numbers of the PBX and what each belongs to. */
export const NumbersPage = ({ base, numbers, filter, nextCursor, isFirst }: NumbersPageProps) => {
  const path = `${base}/numbers`;
  const query = Object.fromEntries(Object.entries(filter).filter((entry) => Boolean(entry[1])));
  return (
    <>
      <PageHead
        title="Numbers"
        lead="Numbers that belong to ring groups, queues and the like. No sync gives one of these to a person; 555, 666, 777 and 888 are the PBX’s own."
      >
        <a class="button" href={`${path}/new`}>
          <Icon name="plus" />
          Add number
        </a>
      </PageHead>
      <Filter path={path} filter={filter} />
      {numbers.length === 0 ? (
        <Empty icon="phone" title={isFiltered(filter) ? 'No number matches' : 'Only users have numbers so far'}>
          <p>
            {isFiltered(filter) ? (
              <a href={path}>Show all numbers that are not users’</a>
            ) : (
              'Add the numbers that something else answers to, so that no person gets them.'
            )}
          </p>
        </Empty>
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">Number</th>
                <th scope="col">Of</th>
                <th scope="col">Called</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {numbers.map((number) => (
                <Row base={base} number={number} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager path={path} query={query} nextCursor={nextCursor} isFirst={isFirst} />
    </>
  );
};

export const NewNumberPage = ({ base, form }: { base: string; form: FormState }) => (
  <>
    <PageHead
      title="Add a number"
      lead="Once it is taken here, no sync gives it to a person."
      back={{ href: `${base}/numbers`, label: 'Numbers' }}
    />
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action={`${base}/numbers/new`} class="card form">
      <Field
        name="number"
        label="Number"
        hint="3 to 13 digits with no leading zero."
        inputmode="numeric"
        value={form.values.number}
        error={form.errors.number}
        required
        autofocus
      />
      <Select
        name="ownerKind"
        label="It belongs to a"
        choices={ownerChoices}
        chosen={form.values.ownerKind}
        error={form.errors.ownerKind}
      />
      <Field
        name="label"
        label="Called"
        hint="Such as Support, so that others know what it is."
        value={form.values.label}
        error={form.errors.label}
      />
      <div class="form-actions">
        <button type="submit">Add number</button>
        <a href={`${base}/numbers`} class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);
