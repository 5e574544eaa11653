import {
  CHANGE_STATUSES,
  type ChangeStatus,
  PLAN_ACTIONS,
  type PlanAction,
  type PlanChange,
  type SyncRun,
} from '../../../../user-sync/index.ts';
import { Empty } from '../../components/empty.tsx';
import { Pager } from '../../components/pager.tsx';
import { Time } from '../../components/time.tsx';
import { ChangeRow } from './change-row.tsx';
import { OpenPoints } from './open-points.tsx';
import { LiveRunCard } from './run-card.tsx';
import { ACTIONS, begunBy, STATUSES } from './words.ts';

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
  /** Where the API answers with the same rows. */
  readonly changesOfApi: string;
}

const Filter = ({ filter, path }: { filter: ChangeFilter; path: string }) => (
  <search>
    <form method="get" action={`${path}#changes`} class="search">
      <input type="search" name="q" value={filter.q} placeholder="Name or e-mail" aria-label="Name or e-mail" />
      <select name="action" aria-label="What">
        <option value="">Everything</option>
        {PLAN_ACTIONS.map((action) => (
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
      <button type="submit" class="secondary outline">
        Show
      </button>
    </form>
  </search>
);

/** How many people of each kind, as ways to exactly those. */
const Counts = ({ run, path, filter }: { run: SyncRun; path: string; filter: ChangeFilter }) => {
  const counted = PLAN_ACTIONS.filter((action) => (run.counts[action] ?? 0) > 0);
  return counted.length < 2 ? null : (
    <ul class="counts" aria-label="People by what happens">
      {counted.map((action) => (
        <li>
          <a
            href={`${path}?action=${action}#changes`}
            class={`badge badge-${ACTIONS[action].tone}`}
            aria-current={filter.action === action ? 'true' : undefined}
          >
            {ACTIONS[action].label} {(run.counts[action] ?? 0).toLocaleString('en')}
          </a>
        </li>
      ))}
    </ul>
  );
};

const definedOf = (filter: ChangeFilter): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter((entry): entry is [string, string] => Boolean(entry[1])));

const Begun = ({ run, timeZone }: { run: SyncRun; timeZone: string }) => (
  <p class="page-lead run-begun">
    {begunBy(run)}, <Time at={run.createdAt} timeZone={timeZone} />.
    {run.resumed > 0 && ` Taken up again ${run.resumed === 1 ? 'once' : `${run.resumed} times`} after an interruption.`}
  </p>
);

const ApplyPreview = ({ base, run }: { base: string; run: SyncRun }) => (
  <form method="post" action={`${base}/runs`} class="actions">
    <input type="hidden" name="applyPlanOf" value={run.id} />
    <button type="submit">Apply exactly this preview</button>
    <p class="muted">Whoever changed since then is left alone and told as a conflict.</p>
  </form>
);

const Changes = (props: RunPageProps) => {
  const { base, run, changes, filter, nextCursor, isFirst, changesOfApi } = props;
  const path = `${base}/runs/${run.id}`;
  const isFiltered = Object.keys(definedOf(filter)).length > 0;
  return (
    <section aria-labelledby="changes">
      <div class="section-head">
        <h2 id="changes">{run.dryRun ? 'Planned changes' : 'Changes'}</h2>
        {run.plannedAt && (
          <p class="downloads">
            <a href={`${path}/changes.csv`} download>
              Download as CSV
            </a>{' '}
            <a href={changesOfApi}>JSON</a>
          </p>
        )}
      </div>
      <Counts run={run} path={path} filter={filter} />
      {(changes.length > 0 || isFiltered) && <Filter filter={filter} path={path} />}
      {changes.length === 0 ? (
        <Empty
          title={isFiltered ? 'No such rows' : run.plannedAt ? 'Everything is as it should be' : 'There is no plan yet'}
        >
          {isFiltered && (
            <p>
              <a href={`${path}#changes`}>Show all rows</a>
            </p>
          )}
          {!isFiltered && run.plannedAt && <p>Nobody had to be changed.</p>}
        </Empty>
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
                <ChangeRow base={base} change={change} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager path={path} query={definedOf(filter)} nextCursor={nextCursor} isFirst={isFirst} />
    </section>
  );
};

/** One run: how it went, what it left to do, and every row of its plan. */
export const RunPage = (props: RunPageProps) => {
  const { base, run, timeZone } = props;
  const canApply = run.dryRun && run.finishedAt && run.plannedAt && run.total > 0;
  return (
    <>
      <Begun run={run} timeZone={timeZone} />
      <LiveRunCard run={run} base={base} alone timeZone={timeZone} />
      {canApply && <ApplyPreview base={base} run={run} />}
      <OpenPoints base={base} run={run} />
      {(run.plannedAt || !run.finishedAt) && <Changes {...props} />}
    </>
  );
};
