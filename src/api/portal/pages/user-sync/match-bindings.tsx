import type { MatchConflict, Matches, MatchProposal } from '../../../../user-sync/index.ts';
import { Empty } from '../../components/empty.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Problem } from '../../components/problem.tsx';
import { reasonOf } from './words.ts';

export interface MatchBindingsProps {
  /** Of the page of all bindings. */
  readonly path: string;
  readonly matches: Matches | undefined;
  /** Why nothing can be matched. */
  readonly problem: string | undefined;
}

const Proposal = ({ proposal }: { proposal: MatchProposal }) => (
  <tr>
    <td>
      <input
        type="checkbox"
        name="pair"
        value={`${proposal.googleId} ${proposal.userId}`}
        checked
        aria-label={`Bind ${proposal.email} to the extension ${proposal.extensionNumber}`}
      />
    </td>
    <th scope="row">
      <span dir="auto">{proposal.name}</span>
      <span class="cell-note">{proposal.email}</span>
    </th>
    <td data-label="Extension">
      <span class="number">{proposal.extensionNumber}</span> <span dir="auto">{proposal.displayName}</span>
    </td>
  </tr>
);

const Proposals = ({ path, proposals, more }: { path: string } & Pick<Matches, 'proposals' | 'more'>) => (
  <form method="post" action={`${path}/match`}>
    <div class="table-frame">
      <table>
        <caption>These share their e-mail address. Untick what is not meant.</caption>
        <thead>
          <tr>
            <th scope="col">Bind</th>
            <th scope="col">Person in Google</th>
            <th scope="col">Extension</th>
          </tr>
        </thead>
        <tbody>
          {proposals.map((proposal) => (
            <Proposal proposal={proposal} />
          ))}
        </tbody>
      </table>
    </div>
    {more && <p class="muted">There are more. Save these, then match again.</p>}
    <button type="submit">Save</button>
  </form>
);

const Conflicts = ({ conflicts }: { conflicts: readonly MatchConflict[] }) => (
  <section aria-labelledby="conflicts">
    <h2 id="conflicts">Conflicts</h2>
    <div class="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Person in Google</th>
            <th scope="col">Why they cannot be matched</th>
          </tr>
        </thead>
        <tbody>
          {conflicts.map((conflict) => (
            <tr>
              <th scope="row">
                <span dir="auto">{conflict.name}</span>
                <span class="cell-note">{conflict.email}</span>
              </th>
              <td data-label="Why">{reasonOf(conflict.reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

/** Proposes who belongs together; nothing changes before *Save*. */
export const MatchBindings = ({ path, matches, problem }: MatchBindingsProps) => (
  <>
    <PageHead
      title="Match by e-mail"
      lead="People of Google and extensions with the same e-mail address. Nothing changes before you save."
      back={{ href: path, label: 'Bindings' }}
    />
    {problem && <Problem>{problem}</Problem>}
    {matches && matches.proposals.length > 0 && <Proposals path={path} {...matches} />}
    {matches && matches.proposals.length === 0 && (
      <Empty icon="people" title="There is nobody to match">
        <p>No extension without a person has the e-mail address of somebody in the scope.</p>
      </Empty>
    )}
    {matches && matches.conflicts.length > 0 && <Conflicts conflicts={matches.conflicts} />}
  </>
);
