import type { SyncRun } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Problem } from '../../components/problem.tsx';
import { Time } from '../../components/time.tsx';
import { PhotosNote, PhotosProgress } from './photos-note.tsx';
import { RUN_STATES, summaryOf } from './words.ts';

export interface RunCardProps {
  readonly run: SyncRun;
  /** Where the runs of this tenant begin. */
  readonly base: string;
  /** True on the page of this very run, which needs no link to itself. */
  readonly alone: boolean;
  readonly timeZone: string;
}

const STAGES = ['reading', 'planning', 'applying', 'photos'] as const;
const STAGE_LABELS = { reading: 'Read', planning: 'Plan', applying: 'Apply', photos: 'Photos' } as const;

const stageIndex = (run: SyncRun): number => {
  const index = (STAGES as readonly string[]).indexOf(run.state);
  return index >= 0 ? index : run.finishedAt ? STAGES.length : 0;
};

const Stages = ({ run }: { run: SyncRun }) => {
  const at = stageIndex(run);
  const stages = STAGES.slice(0, run.dryRun ? 2 : run.state === 'photos' ? 4 : 3);
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
  if (run.state === 'photos') return <PhotosProgress run={run} />;
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
  <article class="card run-card">
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

const PERMISSIONS = /^(GRANT_|GOOGLE_(CLIENT|SCOPE|TOKEN|FORBIDDEN|API)|INTEGRATION_)/;

/** How it went in a line; of a run that stopped early, what that means and where to go. */
const Outcome = ({ run, base }: Pick<RunCardProps, 'run' | 'base'>) => {
  if (run.state === 'cancelled') {
    const done = run.done > 0 ? ` ${run.done.toLocaleString('en')} changes were made before that, and stay.` : '';
    return (
      <Problem tone="info" title="An administrator ended it early">
        {done || 'Nothing was changed.'} The next sync does the rest.
      </Problem>
    );
  }
  if (!run.problemMessage) return <p class="run-summary">{run.plannedAt ? summaryOf(run) : 'No changes'}</p>;
  return (
    <Problem
      title={run.done > 0 ? 'It stopped early; what was done stays done' : 'It stopped, and nothing was changed'}
    >
      {run.problemMessage}
      {PERMISSIONS.test(run.problemCode ?? '') && (
        <>
          {' '}
          <a href={base.replace(/\/user-sync$/, '')}>To the tab Permissions</a>.
        </>
      )}
    </Problem>
  );
};

const EndedRun = ({ run, base, alone, timeZone }: RunCardProps) => (
  <article class="card run-card">
    <header class="run-head">
      <h2>{alone ? 'Result' : run.dryRun ? 'Last preview' : 'Last sync'}</h2>
      <Badge tone={RUN_STATES[run.state].tone}>{RUN_STATES[run.state].label}</Badge>
    </header>
    <Outcome run={run} base={base} />
    <p class="muted">
      {run.usersRead > 0 && <>{run.usersRead.toLocaleString('en')} people read. </>}
      {run.finishedAt && (
        <>
          Ended <Time at={run.finishedAt} timeZone={timeZone} />.
        </>
      )}
    </p>
    <PhotosNote run={run} />
    {!alone && (
      <p>
        <a href={`${base}/runs/${run.id}`}>
          {!run.plannedAt ? 'Look at this sync' : run.dryRun ? 'Look at the plan' : 'See every change'}
        </a>
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
      sse-close="ended"
      data-run={run.id}
    >
      <p class="visually-hidden" role="status" sse-swap="stage">
        {RUN_STATES[run.state].label}
      </p>
      <div sse-swap="progress">
        <RunCard run={run} base={base} alone={alone} timeZone={timeZone} />
      </div>
    </div>
  );
