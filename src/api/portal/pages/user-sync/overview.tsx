import type { SyncRun, SyncSettings } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { Problem } from '../../components/problem.tsx';
import { Time } from '../../components/time.tsx';
import type { FormState } from '../../form.ts';
import { LiveRunCard } from './run-card.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SyncOnePerson } from './sync-one-person.tsx';
import { RUN_STATES, summaryOf, whatOf } from './words.ts';

export interface OverviewProps {
  readonly base: string;
  readonly settings: SyncSettings;
  readonly form: FormState;
  readonly runs: readonly SyncRun[];
  /** The newest run over everybody. */
  readonly newest: SyncRun | undefined;
  readonly firstExtension: number;
  /** Why a run cannot be started, said by the feature. */
  readonly refusal: string | undefined;
}

const StartRun = ({ base, active }: { base: string; active: boolean }) => (
  <div class="actions">
    <form method="post" action={`${base}/runs`}>
      <button type="submit" disabled={active}>
        Sync now
      </button>
    </form>
    <form method="post" action={`${base}/runs`}>
      <input type="hidden" name="dryRun" value="on" />
      <button type="submit" class="secondary outline" disabled={active}>
        Preview
      </button>
    </form>
    <p class="muted">A preview shows every change and makes none.</p>
  </div>
);

const History = ({ base, runs }: { base: string; runs: readonly SyncRun[] }) => (
  <section aria-labelledby="history">
    <h2 id="history">History</h2>
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">What</th>
            <th scope="col">State</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr>
              <td>
                <a href={`${base}/runs/${run.id}`}>
                  <Time at={run.createdAt} />
                </a>
              </td>
              <td>{whatOf(run)}</td>
              <td>
                <Badge tone={RUN_STATES[run.state].tone}>{RUN_STATES[run.state].label}</Badge>
              </td>
              <td>{run.problemMessage ?? (run.plannedAt ? summaryOf(run) : '')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

/** The tab USER SYNC. */
export const Overview = ({ base, settings, form, runs, newest, firstExtension, refusal }: OverviewProps) => {
  const active = newest !== undefined && !newest.finishedAt;
  return (
    <>
      {refusal && <Problem title="The sync was not started">{refusal}</Problem>}
      {settings.mode ? <StartRun base={base} active={active} /> : null}
      {newest ? (
        <LiveRunCard run={newest} base={base} alone={false} />
      ) : (
        settings.mode && (
          <Empty icon="people" title="Nobody was synchronized yet">
            <p>Start with a preview: it shows who would get which extension number, and changes nothing.</p>
          </Empty>
        )
      )}
      {settings.mode && <SyncOnePerson base={base} />}
      <SettingsForm settings={settings} form={form} action={base} firstExtension={firstExtension} />
      {runs.length > 0 && <History base={base} runs={runs} />}
    </>
  );
};
