import type { ScheduleStatus } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Problem } from '../../components/problem.tsx';
import { Time } from '../../components/time.tsx';
import { intervalInWords } from './settings/summaries.ts';
import { RUN_STATES, type Word } from './words.ts';

export interface ScheduleCardProps {
  readonly base: string;
  readonly status: ScheduleStatus;
}

/** How a schedule stands, in a word or two. */
const stateOf = ({ state, reason }: ScheduleStatus): Word => {
  switch (state) {
    case 'running':
      return { label: 'On', tone: 'good' };
    case 'paused':
      return { label: reason === 'paused' ? 'Paused' : 'Waiting for the connection', tone: 'warning' };
    case 'off':
      return { label: 'Off', tone: 'neutral' };
  }
};

const Times = ({ status: { schedule, timeZone } }: { status: ScheduleStatus }) => (
  <p>
    {'daily' in schedule
      ? `Everybody is synchronized each day, within a quarter of an hour after ${schedule.daily} (${timeZone}).`
      : `Everybody is synchronized every ${intervalInWords(schedule.every)}.`}
  </p>
);

const Next = ({ status: { state, nextRuns, timeZone } }: { status: ScheduleStatus }) => {
  if (state !== 'running') return <>Nothing, until it is on again</>;
  if (nextRuns === null) return <>Not known at the moment: the part that keeps the times does not answer</>;
  const [next] = nextRuns;
  return next ? <Time at={next} timeZone={timeZone} /> : <>Being set up; look again in a minute</>;
};

const Last = ({ base, status: { lastRun, timeZone } }: ScheduleCardProps) =>
  lastRun ? (
    <>
      <a href={`${base}/runs/${lastRun.id}`}>
        <Time at={lastRun.createdAt} timeZone={timeZone} />
      </a>{' '}
      <Badge tone={RUN_STATES[lastRun.state].tone}>{RUN_STATES[lastRun.state].label}</Badge>
    </>
  ) : (
    <>None yet</>
  );

const LeftOut = ({ status: { skipped, missed, timeZone } }: { status: ScheduleStatus }) => (
  <>
    {skipped.length > 0 && (
      <ul>
        {skipped.map((tick) => (
          <li>
            <Time at={tick.scheduledFor} timeZone={timeZone} />: {tick.message}
          </li>
        ))}
      </ul>
    )}
    {missed !== null && missed > 0 && (
      <p>
        {missed === 1 ? 'One time' : `${missed.toLocaleString('en')} times`} went by because this product was not
        running, or was busy with the time before.
      </p>
    )}
  </>
);

const Halt = ({ status: { reason } }: { status: ScheduleStatus }) =>
  reason === 'not-connected' ? (
    <Problem tone="warning">
      Google Workspace is not connected, so nothing runs by itself. Complete the authorization in the tab Permissions;
      the schedule then goes on.
    </Problem>
  ) : null;

/** What runs by itself: the next time, the last one, and the times that were left out, with their reasons. */
export const ScheduleCard = ({ base, status }: ScheduleCardProps) => {
  if (status.state === 'off') return null;
  const { label, tone } = stateOf(status);
  const isPaused = status.reason === 'paused';
  return (
    <section class="card" id="schedule" aria-labelledby="schedule-title">
      <div class="card-head">
        <h2 id="schedule-title">Schedule</h2>
        <Badge tone={tone}>{label}</Badge>
      </div>
      <Times status={status} />
      <Halt status={status} />
      <dl class="facts">
        <div>
          <dt>Next</dt>
          <dd>
            <Next status={status} />
          </dd>
        </div>
        <div>
          <dt>Last</dt>
          <dd>
            <Last base={base} status={status} />
          </dd>
        </div>
        {(status.skipped.length > 0 || (status.missed ?? 0) > 0) && (
          <div>
            <dt>Left out</dt>
            <dd>
              <LeftOut status={status} />
            </dd>
          </div>
        )}
      </dl>
      <form method="post" action={`${base}/schedule/${isPaused ? 'resume' : 'pause'}`} class="actions">
        <button type="submit" class="secondary outline">
          {isPaused ? 'Resume' : 'Pause'}
        </button>
        <p class="muted">
          {isPaused
            ? 'The settings were kept. Times that passed meanwhile are not made up for.'
            : 'Pausing keeps all settings. A run that is under way goes on; Sync now still works.'}
        </p>
      </form>
    </section>
  );
};
