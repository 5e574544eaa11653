import type { SyncRun } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Time } from '../../components/time.tsx';
import { RUN_STATES, summaryOf, whatOf } from './words.ts';

export interface RunListProps {
  readonly base: string;
  readonly runs: readonly SyncRun[];
  readonly timeZone: string;
}

/** Runs, newest first, each with how it went. */
export const RunList = ({ base, runs, timeZone }: RunListProps) => (
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
            <th scope="row" class="nowrap">
              <a href={`${base}/runs/${run.id}`}>
                <Time at={run.createdAt} timeZone={timeZone} />
              </a>
            </th>
            <td data-label="What">{whatOf(run)}</td>
            <td data-label="State">
              <Badge tone={RUN_STATES[run.state].tone}>{RUN_STATES[run.state].label}</Badge>
            </td>
            <td data-label="Result">{run.problemMessage ?? (run.plannedAt ? summaryOf(run) : '–')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
