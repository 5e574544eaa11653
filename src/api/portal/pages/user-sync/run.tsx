import {
  CHANGE_STATUSES,
  type ChangeStatus,
  PLAN_ACTIONS,
  type PlanAction,
  type PlanChange,
  type SyncRun,
} from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { Pager } from '../../components/pager.tsx';
import { LiveRunCard } from './run-card.tsx';
import { ACTIONS, reasonOf, STATUSES } from './words.ts';

export interface ChangeFilter {
  readonly action?: PlanAction | undefined;
  readonly status?: ChangeStatus | undefined;
  readonly q?: string | undefined;
}

export interface RunPageProps {
  readonly base: string;
  readonly run: SyncRun;
  readonly changes: readonly PlanChange[];
  readonly filter: ChangeFilter;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
  readonly timeZone: string;
}

const LABELS: Readonly<Record<string, string>> = {
  displayName: 'Name',
  email: 'E-mail',
  givenName: 'Given name',
  familyName: 'Family name',
  phones: 'Phones',
  department: 'Department',
  title: 'Title',
  enabled: 'Enabled',
};

const show = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((phone) => `${phone.value} (${phone.type})`).join(', ') || '–';
  return String(value);
};

/** Only what differs: the rest of a person is the same before and after. */
const Difference = ({ before, after }: Pick<PlanChange, 'before' | 'after'>) => {
  if (!before || !after) return null;
  const changed = Object.keys(LABELS).filter((key) => show(before[key]) !== show(after[key]));
  if (changed.length === 0) return null;
  return (
    <ul class="difference">
      {changed.map((key) => (
        <li>
          {LABELS[key]}: <del>{show(before[key])}</del> → <ins>{show(after[key])}</ins>
        </li>
      ))}
    </ul>
  );
};

const Row = ({ change }: { change: PlanChange }) => {
  const action = ACTIONS[change.action as PlanAction];
  const status = STATUSES[change.status as ChangeStatus];
  return (
    <tr>
      <td>
        <strong>{change.displayName}</strong>
        <br />
        <span class="muted">{change.email}</span>
      </td>
      <td>{change.extensionNumber ?? ''}</td>
      <td>
        <Badge tone={action.tone}>{action.label}</Badge>
      </td>
      <td>
        {reasonOf(change.reason)}
        <Difference before={change.before ?? null} after={change.after ?? null} />
        {change.errorMessage && <p class="field-error">{change.errorMessage}</p>}
      </td>
      <td>
        <Badge tone={status.tone}>{status.label}</Badge>
      </td>
    </tr>
  );
};

const Filter = ({ filter, path }: { filter: ChangeFilter; path: string }) => (
  <search>
    <form method="get" action={path} class="search">
      <input type="search" name="q" value={filter.q} placeholder="Name or e-mail" aria-label="Name or e-mail" />
      <select name="action" aria-label="What">
        <option value="">Everything</option>
        {PLAN_ACTIONS.filter((action) => action !== 'delete').map((action) => (
          <option value={action} selected={filter.action === action}>
            {ACTIONS[action].label}
          </option>
        ))}
      </select>
      <select name="status" aria-label="State">
        <option value="">Any state</option>
        {CHANGE_STATUSES.map((status) => (
          <option value={status} selected={filter.status === status}>
            {STATUSES[status].label}
          </option>
        ))}
      </select>
      <button type="submit" class="secondary">
        Show
      </button>
    </form>
  </search>
);

const definedOf = (filter: ChangeFilter): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1])));

/** One run: how it went, and every row of its plan. */
export const RunPage = ({ base, run, changes, filter, nextCursor, isFirst, timeZone }: RunPageProps) => {
  const path = `${base}/runs/${run.id}`;
  const canApply = run.dryRun && run.finishedAt && run.plannedAt && run.total > 0;
  return (
    <>
      <LiveRunCard run={run} base={base} alone timeZone={timeZone} />
      {canApply && (
        <form method="post" action={`${base}/runs`} class="actions">
          <input type="hidden" name="applyPlanOf" value={run.id} />
          <button type="submit">Apply exactly this preview</button>
          <p class="muted">Whoever changed since then is left alone and told as a conflict.</p>
        </form>
      )}
      <section aria-labelledby="changes">
        <div class="section-head">
          <h2 id="changes">{run.dryRun ? 'Planned changes' : 'Changes'}</h2>
          {run.plannedAt && (
            <a href={`${path}/changes.csv`} download>
              Download as CSV
            </a>
          )}
        </div>
        <Filter filter={filter} path={path} />
        {changes.length === 0 ? (
          <Empty title={run.plannedAt ? 'No such rows' : 'There is no plan yet'} />
        ) : (
          <div class="table-frame">
            <table>
              <thead>
                <tr>
                  <th scope="col">Person</th>
                  <th scope="col">Number</th>
                  <th scope="col">What</th>
                  <th scope="col">Why</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {changes.map((change) => (
                  <Row change={change} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        <Pager path={path} query={definedOf(filter)} nextCursor={nextCursor} isFirst={isFirst} />
      </section>
    </>
  );
};
