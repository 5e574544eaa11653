import type { Approval, PlanChange } from '../../../../user-sync/index.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { Problem } from '../../components/problem.tsx';
import { Time } from '../../components/time.tsx';
import { ChangeRow } from './change-row.tsx';

export interface ApprovalProps {
  readonly base: string;
  readonly approval: Approval;
}

const STATES: Readonly<Record<Approval['state'], { readonly label: string; readonly tone: Tone }>> = {
  pending: { label: 'Waits for you', tone: 'warning' },
  approved: { label: 'Being carried out', tone: 'info' },
  applied: { label: 'Carried out', tone: 'good' },
  rejected: { label: 'Rejected', tone: 'neutral' },
  replaced: { label: 'Replaced by a newer sync', tone: 'neutral' },
};

const WHY: Readonly<Record<Approval['reason'], string>> = {
  'too-many': 'More people would lose their extension at once than your limits allow.',
  'not-previewed': 'They follow from a change of the settings that nobody has previewed yet.',
};

const people = (n: number): string => (n === 1 ? '1 person' : `${n.toLocaleString('en')} people`);

/** On the overview: removals that wait. Everything else went on without them. */
export const PendingApproval = ({ base, approval }: ApprovalProps) => (
  <Problem tone="warning" title={`${people(approval.removals)} would lose the extension. It waits for you`}>
    <p>{WHY[approval.reason]} Nobody was removed; all other changes went through.</p>
    <p>
      <a class="button" href={`${base}/approvals/${approval.id}`}>
        Look at them
      </a>
    </p>
  </Problem>
);

const Decision = ({ base, approval }: ApprovalProps) => (
  <div class="actions">
    <form method="post" action={`${base}/approvals/${approval.id}/approve`}>
      <button type="submit" class="destructive">
        Approve these {approval.removals.toLocaleString('en')}
      </button>
    </form>
    {approval.state === 'pending' && (
      <form method="post" action={`${base}/approvals/${approval.id}/reject`}>
        <button type="submit" class="secondary outline">
          Reject: keep them
        </button>
      </form>
    )}
    <p class="muted">
      Each is looked at again first: whoever is back in Google by then keeps the extension. Rejecting keeps these people
      in later syncs too, until they are back once.
    </p>
  </div>
);

const Outcome = ({ approval }: { approval: Approval }) => (
  <p>
    {approval.done.toLocaleString('en')} removed
    {approval.stale > 0 && <>, {approval.stale.toLocaleString('en')} no longer to be removed</>}
    {approval.failed > 0 && <>, {approval.failed.toLocaleString('en')} failed</>}.
  </p>
);

export interface ApprovalPageProps extends ApprovalProps {
  readonly changes: readonly PlanChange[];
  readonly message: string | undefined;
  readonly timeZone: string;
}

/** Who would be removed and why, with the two answers. */
export const ApprovalPage = ({ base, approval, changes, message, timeZone }: ApprovalPageProps) => {
  const mayDecide = approval.state === 'pending' || approval.state === 'rejected';
  return (
    <>
      {message && <Problem>{message}</Problem>}
      <article class="card">
        <header class="run-head">
          <h2>{people(approval.removals)}</h2>
          <Badge tone={STATES[approval.state].tone}>{STATES[approval.state].label}</Badge>
        </header>
        <p>{WHY[approval.reason]}</p>
        <p class="muted">
          Held back <Time at={approval.createdAt} timeZone={timeZone} />
          {approval.decidedAt && approval.decidedBy && (
            <>
              , {approval.state === 'rejected' ? 'rejected' : 'approved'} by {approval.decidedBy}{' '}
              <Time at={approval.decidedAt} timeZone={timeZone} />
            </>
          )}
          . <a href={`${base}/runs/${approval.runId}`}>The sync that found them</a>
        </p>
        {(approval.state === 'approved' || approval.state === 'applied') && <Outcome approval={approval} />}
        {mayDecide && <Decision base={base} approval={approval} />}
      </article>
      <section aria-labelledby="removals">
        <h2 id="removals">Who</h2>
        {changes.length === 0 ? (
          <Empty title="The rows are older than the log goes back" />
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
        {changes.length < approval.removals && changes.length > 0 && (
          <p class="muted">
            The first {changes.length.toLocaleString('en')}. All of them are in the{' '}
            <a href={`${base}/runs/${approval.runId}`}>log of that sync</a>.
          </p>
        )}
      </section>
    </>
  );
};
