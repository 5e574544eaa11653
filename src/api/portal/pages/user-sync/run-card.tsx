import type { SyncRun } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Problem } from '../../components/problem.tsx';
import { Time } from '../../components/time.tsx';
import { RUN_STATES, summaryOf } from './words.ts';

export interface RunCardProps {
  readonly run: SyncRun;
  /** Where the runs of this tenant begin. */
  readonly base: string;
  /** True on the page of this very run, which needs no link to itself. */
  readonly alone: boolean;
  readonly timeZone: string;
}

const STAGES = ['reading', 'planning', 'applying'] as const;
const STAGE_LABELS = { reading: 'Read', planning: 'Plan', applying: 'Apply' } as const;

const stageIndex = (run: SyncRun): number => {
  const index = (STAGES as readonly string[]).indexOf(run.state);
  return index >= 0 ? index : run.finishedAt ? STAGES.length : 0;
};

const Stages = ({ run }: { run: SyncRun }) => {
  const at = stageIndex(run);
  const stages = run.dryRun ? STAGES.slice(0, 2) : STAGES;
  return (
    <ol class="stages" aria-label="Stages">
      {stages.map((stage, i) => (
        <li
          class={i < at ? 'stage stage-done' : i === at ? 'stage stage-current' : 'stage'}
          aria-current={i === at ? 'step' : undefined}
        >
          {STAGE_LABELS[stage]}
        </li>
      ))}
    </ol>
  );
};

const Amount = ({ run }: { run: SyncRun }) => {
  const settled = run.done + run.failed;
  if (run.state === 'applying' && run.total > 0) {
    return (
      <>
        <progress value={settled} max={run.total} aria-label="Extensions changed" />
        <p>
          {settled.toLocaleString('en')} of {run.total.toLocaleString('en')} changes
        </p>
      </>
    );
  }
  return (
    <>
      <progress aria-label={RUN_STATES[run.state].label} />
      <p>
        {run.usersRead.toLocaleString('en')} people read, {run.pagesRead.toLocaleString('en')}{' '}
        {run.pagesRead === 1 ? 'page' : 'pages'}
      </p>
    </>
  );
};

/** A run that is under way: where it is, and how far. */
const ActiveRun = ({ run, base, timeZone }: RunCardProps) => (
  <article class="card run-card" aria-live="polite">
    <header class="run-head">
      <h2>{run.dryRun ? 'Preview' : 'Sync'} under way</h2>
      <Badge tone={RUN_STATES[run.state].tone}>{RUN_STATES[run.state].label}</Badge>
    </header>
    <Stages run={run} />
    {run.state === 'waiting-for-authorization' ? (
      <Problem tone="warning" title="Google no longer accepts the authorization">
        Authorize again in the tab Permissions. This run goes on by itself afterwards; nothing is lost.
      </Problem>
    ) : (
      <>
        <Amount run={run} />
        {run.waitingUntil && (
          <p class="muted">
            Google asks us to slow down. The sync goes on by itself at{' '}
            <Time at={run.waitingUntil} timeZone={timeZone} />.
          </p>
        )}
      </>
    )}
    <form method="post" action={`${base}/runs/${run.id}/cancel`}>
      <button type="submit" class="secondary outline">
        Cancel
      </button>
    </form>
  </article>
);

const EndedRun = ({ run, base, alone, timeZone }: RunCardProps) => (
  <article class="card run-card">
    <header class="run-head">
      <h2>{alone ? 'Result' : run.dryRun ? 'Last preview' : 'Last sync'}</h2>
      <Badge tone={RUN_STATES[run.state].tone}>{RUN_STATES[run.state].label}</Badge>
    </header>
    {run.problemMessage ? <Problem>{run.problemMessage}</Problem> : <p class="run-summary">{summaryOf(run)}</p>}
    <p class="muted">
      {run.usersRead > 0 && <>{run.usersRead.toLocaleString('en')} people read. </>}
      {run.finishedAt && (
        <>
          Ended <Time at={run.finishedAt} timeZone={timeZone} />.
        </>
      )}
    </p>
    {!alone && (
      <p>
        <a href={`${base}/runs/${run.id}`}>{run.dryRun ? 'Look at the plan' : 'See every change'}</a>
      </p>
    )}
  </article>
);

export const RunCard = (props: RunCardProps) =>
  props.run.finishedAt ? <EndedRun {...props} /> : <ActiveRun {...props} />;

/** The card of a run that keeps itself up to date until the run has ended. */
export const LiveRunCard = ({ run, base, alone, timeZone }: RunCardProps) =>
  run.finishedAt ? (
    <RunCard run={run} base={base} alone={alone} timeZone={timeZone} />
  ) : (
    <div
      hx-ext="sse"
      sse-connect={`${base}/runs/${run.id}/progress${alone ? '?alone=yes' : ''}`}
      sse-swap="progress"
      sse-close="ended"
      data-run={run.id}
    >
      <RunCard run={run} base={base} alone={alone} timeZone={timeZone} />
    </div>
  );
