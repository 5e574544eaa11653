import type { Approval, PushView, ScheduleStatus, SyncRun, SyncSettings } from '../../../../user-sync/index.ts';
import { Empty } from '../../components/empty.tsx';
import { Problem } from '../../components/problem.tsx';
import { emptyForm } from '../../form.ts';
import { settingsValues } from '../../user-sync-settings-input.ts';
import { PendingApproval } from './approvals.tsx';
import { ExplainCard } from './explain-card.tsx';
import { HistoryChart } from './history-chart.tsx';
import { PushCard } from './push-card.tsx';
import { LiveRunCard } from './run-card.tsx';
import { RunList } from './run-list.tsx';
import { ScheduleCard } from './schedule-card.tsx';
import { SettingsCard } from './settings-card.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SyncOnePerson } from './sync-one-person.tsx';

export interface OverviewProps {
  readonly base: string;
  readonly settings: SyncSettings;
  readonly runs: readonly SyncRun[];
  /** The last syncs of everybody that changed people, newest first. */
  readonly charted: readonly SyncRun[];
  /** The newest run over everybody. */
  readonly newest: SyncRun | undefined;
  readonly push: PushView;
  readonly schedule: ScheduleStatus;
  readonly firstExtension: number;
  readonly timeZone: string;
  /** The settings were just changed in a way that wants to be looked at. */
  readonly previewFirst: boolean;
  /** Why a run cannot be started, said by the feature. */
  readonly refusal: string | undefined;
  /** Removals that wait for an administrator. */
  readonly pending: Approval | undefined;
}

const PreviewButton = ({ base, disabled }: { base: string; disabled: boolean }) => (
  <form method="post" action={`${base}/runs`}>
    <input type="hidden" name="dryRun" value="on" />
    <button type="submit" class="secondary outline" disabled={disabled}>
      Preview
    </button>
  </form>
);

const PreviewFirst = ({ base, disabled }: { base: string; disabled: boolean }) => (
  <section class="card form" aria-labelledby="preview-first">
    <h2 id="preview-first">Look at a preview before the next sync</h2>
    <p>
      You changed who is synchronized or which numbers they get. A preview shows who would get, keep or lose an
      extension, and changes nothing.
    </p>
    <PreviewButton base={base} disabled={disabled} />
  </section>
);

const StartRun = ({ base, active }: { base: string; active: boolean }) => (
  <div class="actions">
    <form method="post" action={`${base}/runs`}>
      <button type="submit" disabled={active}>
        Sync now
      </button>
    </form>
    <PreviewButton base={base} disabled={active} />
    <a href={`${base}/bindings`} class="button secondary outline">
      Bindings
    </a>
    <p class="muted">
      {active
        ? 'One at a time: the next can begin when this one has ended.'
        : 'A preview shows every change and makes none.'}
    </p>
  </div>
);

const History = ({ base, runs, charted, timeZone }: Pick<OverviewProps, 'base' | 'runs' | 'charted' | 'timeZone'>) => (
  <section aria-labelledby="history">
    <div class="section-head">
      <h2 id="history">History</h2>
      <a href={`${base}/runs`}>All syncs and previews</a>
    </div>
    {charted.length > 1 && <HistoryChart base={base} runs={charted} timeZone={timeZone} />}
    <RunList base={base} runs={runs} timeZone={timeZone} />
  </section>
);

/** The tab USER SYNC once a mode is chosen: how it stands, what can be done, what was done, how it is set. */
const InUse = (props: OverviewProps) => {
  const { base, settings, runs, newest, push, schedule, firstExtension, timeZone, previewFirst, pending } = props;
  const active = newest !== undefined && !newest.finishedAt;
  return (
    <>
      {pending && (
        <div id="approvals">
          <PendingApproval base={base} approval={pending} />
        </div>
      )}
      {previewFirst && <PreviewFirst base={base} disabled={active} />}
      <StartRun base={base} active={active} />
      {newest ? (
        <LiveRunCard run={newest} base={base} alone={false} timeZone={timeZone} />
      ) : (
        <Empty icon="people" title="Nobody was synchronized yet">
          <p>Start with a preview: it shows who would get which extension number, and changes nothing.</p>
        </Empty>
      )}
      {settings.mode === 'automatic' && (
        <div class="card-pair">
          <ScheduleCard base={base} status={schedule} />
          <PushCard push={push} timeZone={timeZone} />
        </div>
      )}
      {runs.length > 0 && <History {...props} />}
      <div class="card-pair">
        <ExplainCard base={base} />
        <SyncOnePerson base={base} />
      </div>
      <SettingsCard base={base} settings={settings} firstExtension={firstExtension} timeZone={timeZone} />
    </>
  );
};

/** The tab USER SYNC. */
export const Overview = (props: OverviewProps) => {
  const { base, settings, firstExtension, timeZone, refusal } = props;
  return (
    <>
      {refusal && <Problem title="The sync was not started">{refusal}</Problem>}
      {settings.mode === null ? (
        <SettingsForm
          base={base}
          settings={settings}
          form={emptyForm(settingsValues(settings))}
          firstExtension={firstExtension}
          timeZone={timeZone}
        />
      ) : (
        <InUse {...props} />
      )}
    </>
  );
};
