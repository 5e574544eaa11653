import type { SyncRun } from '../../../../user-sync/index.ts';

export interface OpenPointsProps {
  readonly base: string;
  readonly run: SyncRun;
}

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** What a run left for somebody to do, each with the way to it. */
export const OpenPoints = ({ base, run }: OpenPointsProps) => {
  const path = `${base}/runs/${run.id}`;
  const { heldRemovals, failed, counts } = run;
  const conflicts = counts.conflict ?? 0;
  const waiting = counts['waiting-for-number'] ?? 0;
  if (!run.finishedAt || heldRemovals + failed + conflicts + waiting === 0) return null;
  return (
    <section class="card open-points" aria-labelledby="open-points">
      <h2 id="open-points">Left for you</h2>
      <ul>
        {heldRemovals > 0 && !run.dryRun && (
          <li>
            <strong>{count(heldRemovals, 'removal waits', 'removals wait')} for your word.</strong> They are more than
            the brakes let through. <a href={`${base}#approvals`}>Approve or reject them</a>, or{' '}
            <a href={`${path}?status=held#changes`}>see who</a>.
          </li>
        )}
        {heldRemovals > 0 && run.dryRun && (
          <li>
            <strong>{count(heldRemovals, 'removal', 'removals')} would be held back</strong> until you approve, because
            they are more than the brakes let through. <a href={`${path}?status=held#changes`}>See who</a>.
          </li>
        )}
        {failed > 0 && (
          <li>
            <strong>{count(failed, 'change', 'changes')} failed.</strong> Each row says why; the next sync tries again.{' '}
            <a href={`${path}?status=failed#changes`}>See the rows</a>.
          </li>
        )}
        {conflicts > 0 && (
          <li>
            <strong>{count(conflicts, 'person is', 'people are')} in conflict</strong> with somebody else’s address or
            extension. <a href={`${path}?action=conflict#changes`}>See what to mend</a>.
          </li>
        )}
        {waiting > 0 && (
          <li>
            <strong>{count(waiting, 'person waits', 'people wait')} for a number.</strong>{' '}
            <a href={`${base}/settings`}>Widen the range</a>, or free numbers; the next sync goes on with them.{' '}
            <a href={`${path}?action=waiting-for-number#changes`}>See who</a>.
          </li>
        )}
      </ul>
    </section>
  );
};
