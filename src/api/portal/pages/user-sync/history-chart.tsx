import type { SyncRun } from '../../../../user-sync/index.ts';
import { Time } from '../../components/time.tsx';
import { RUN_STATES, whatOf } from './words.ts';

export interface HistoryChartProps {
  readonly base: string;
  /** Newest first. */
  readonly runs: readonly SyncRun[];
  readonly timeZone: string;
}

const SERIES = [
  { key: 'created', label: 'New' },
  { key: 'updated', label: 'Updated' },
  { key: 'removed', label: 'Removed' },
  { key: 'failed', label: 'Failed' },
] as const;

type Amounts = Readonly<Record<(typeof SERIES)[number]['key'], number>>;

const STEP = 22;
const BAR = 14;
const HEIGHT = 120;
const TOP = 16;
const SMALLEST = 4;

const amountsOf = ({ counts, heldRemovals, failed }: SyncRun): Amounts => {
  const of = (action: string): number => counts[action] ?? 0;
  return {
    created: of('create'),
    updated: of('update') + of('link') + of('enable'),
    removed: Math.max(0, of('disable') + of('delete') - heldRemovals),
    failed,
  };
};

const totalOf = (amounts: Amounts): number => SERIES.reduce((sum, { key }) => sum + amounts[key], 0);

const inWords = (amounts: Amounts): string =>
  SERIES.filter(({ key }) => amounts[key] > 0)
    .map(({ key, label }) => `${amounts[key].toLocaleString('en')} ${label.toLowerCase()}`)
    .join(', ') || 'no changes';

const moment = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);

/** The parts of one bar from the ground up. Heights follow the square root of the whole, so that 3 stays visible beside 250. */
const partsOf = (amounts: Amounts, largest: number) => {
  const total = totalOf(amounts);
  const height = Math.max(SMALLEST, HEIGHT * Math.sqrt(total / Math.max(1, largest)));
  let ground = TOP + HEIGHT;
  return SERIES.filter(({ key }) => amounts[key] > 0).map(({ key }) => {
    const part = Math.max(2, (height * amounts[key]) / total);
    ground -= part;
    return { key, y: ground, height: part };
  });
};

const Bar = (props: { run: SyncRun; x: number; largest: number; base: string; timeZone: string }) => {
  const { run, x, largest, base, timeZone } = props;
  const amounts = amountsOf(run);
  const total = totalOf(amounts);
  const label = `${whatOf(run)} of ${moment(run.createdAt, timeZone)}: ${inWords(amounts)}. ${RUN_STATES[run.state].label}.`;
  const ended = run.state === 'failed' || run.state === 'cancelled';
  return (
    <a href={`${base}/runs/${run.id}`} aria-label={label} class="chart-run">
      <title>{label}</title>
      <rect class="chart-hit" x={x - (STEP - BAR) / 2} y={0} width={STEP} height={TOP + HEIGHT + 6} />
      {partsOf(amounts, largest).map(({ key, y, height }) => (
        <rect class={`chart-${key}`} x={x} y={y.toFixed(1)} width={BAR} height={height.toFixed(1)} />
      ))}
      {total === 0 && !ended && <rect class="chart-nothing" x={x} y={TOP + HEIGHT - 3} width={BAR} height={3} />}
      {ended && (
        <path
          class={run.state === 'failed' ? 'chart-cross chart-cross-bad' : 'chart-cross'}
          d={`M${x + 3} ${TOP + HEIGHT - 11}l8 8m0-8l-8 8`}
        />
      )}
      {total > 0 && (
        <text
          class="chart-total"
          x={x + BAR / 2}
          y={(Math.min(...partsOf(amounts, largest).map(({ y }) => y)) - 4).toFixed(1)}
          text-anchor="middle"
        >
          {total > 9_999 ? `${Math.round(total / 1_000)}k` : total}
        </text>
      )}
    </a>
  );
};

const AsTable = ({ base, runs, timeZone }: HistoryChartProps) => (
  <details class="chart-table">
    <summary>The same as a table</summary>
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Sync</th>
            {SERIES.map(({ label }) => (
              <th scope="col">{label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const amounts = amountsOf(run);
            return (
              <tr>
                <th scope="row">
                  <a href={`${base}/runs/${run.id}`}>
                    <Time at={run.createdAt} timeZone={timeZone} />
                  </a>
                </th>
                {SERIES.map(({ key, label }) => (
                  <td class="number" data-label={label}>
                    {amounts[key].toLocaleString('en')}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  </details>
);

/** What each of the last syncs changed, as bars that lead to their runs, and as a table. */
export const HistoryChart = ({ base, runs, timeZone }: HistoryChartProps) => {
  const oldestFirst = runs.toReversed();
  const largest = Math.max(...runs.map((run) => totalOf(amountsOf(run))));
  const width = Math.max(30, runs.length) * STEP;
  return (
    <figure class="chart">
      <div class="chart-frame">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot group the links of a drawing. */}
        <svg viewBox={`0 0 ${width} ${TOP + HEIGHT + 8}`} role="group" aria-labelledby="chart-title chart-description">
          <title id="chart-title">Changes of the last {runs.length} syncs</title>
          <desc id="chart-description">
            One bar for each sync, oldest first, of new, updated, removed and failed people. The table below holds the
            same figures.
          </desc>
          <line class="chart-ground" x1={0} y1={TOP + HEIGHT + 0.5} x2={width} y2={TOP + HEIGHT + 0.5} />
          {oldestFirst.map((run, i) => (
            <Bar run={run} x={i * STEP + (STEP - BAR) / 2} largest={largest} base={base} timeZone={timeZone} />
          ))}
        </svg>
      </div>
      <figcaption>
        <ul class="chart-legend">
          {SERIES.map(({ key, label }) => (
            <li>
              <span class={`chart-key chart-key-${key}`} aria-hidden="true" /> {label}
            </li>
          ))}
        </ul>
        <span class="muted">Oldest on the left. High bars are drawn shorter, so that small ones stay visible.</span>
      </figcaption>
      <AsTable base={base} runs={runs} timeZone={timeZone} />
    </figure>
  );
};
