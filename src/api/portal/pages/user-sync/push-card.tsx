import type { PushView } from '../../../../user-sync/index.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Time } from '../../components/time.tsx';

const STATES: Readonly<Record<PushView['state'], { readonly label: string; readonly tone: Tone }>> = {
  on: { label: 'On', tone: 'good' },
  unproven: { label: 'Waiting for Google’s first message', tone: 'info' },
  starting: { label: 'Being switched on', tone: 'info' },
  failing: { label: 'Not working', tone: 'warning' },
  'not-possible': { label: 'Not possible', tone: 'neutral' },
};

/** Whether changes at Google arrive within seconds, and why not. */
export const PushCard = ({ push, timeZone }: { push: PushView; timeZone: string }) => {
  const { label, tone } = STATES[push.state];
  const [ends] = push.channels.map(({ expiresAt }) => expiresAt).toSorted((a, b) => a.getTime() - b.getTime());
  return (
    <article class="card push-card">
      <header class="run-head">
        <h2>Changes as they happen</h2>
        <Badge tone={tone}>{label}</Badge>
      </header>
      {push.problem && <p>{push.problem.message}</p>}
      {push.state === 'on' && (
        <p>Google tells of new, changed and restored people, and each is synchronized within seconds.</p>
      )}
      {push.state !== 'on' && <p class="muted">The schedule reads everybody all the same.</p>}
      {ends && push.state === 'on' && (
        <p class="muted">
          Renewed by itself before <Time at={ends} timeZone={timeZone} />.
        </p>
      )}
    </article>
  );
};
