import type { Explanation, HistoryEntry, PlanAction } from '../../../../user-sync/index.ts';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/empty.tsx';
import { Time } from '../../components/time.tsx';
import { Difference } from './change-row.tsx';
import { numberInWords, standingInWords, verdictInWords } from './explain-words.ts';
import { ACTIONS, reasonOf, STATUSES } from './words.ts';

export interface ExplainPageProps {
  /** Where the pages of the tenant begin. */
  readonly tenantBase: string;
  /** Where user sync begins. */
  readonly base: string;
  readonly timeZone: string;
  readonly asked: string | undefined;
  /** Undefined when nobody was asked about, null when nobody is known by that. */
  readonly explanation: Explanation | null | undefined;
}

const Ask = ({ base, asked }: Pick<ExplainPageProps, 'base' | 'asked'>) => (
  <search>
    <form method="get" action={`${base}/explain`} class="search">
      <input
        type="search"
        name="user"
        value={asked}
        placeholder="E-mail address, extension number or Google id"
        aria-label="E-mail address, extension number or Google id"
        required
        maxlength={254}
      />
      <button type="submit" class="secondary outline">
        Explain
      </button>
    </form>
  </search>
);

const yesOrNo = (value: boolean | null): string => (value === null ? 'not known' : value ? 'Yes' : 'No');

const inGoogle = ({ listed, profile }: Explanation): string => {
  if (!listed) return 'No';
  if (profile?.suspended) return 'Yes, suspended';
  return profile?.archived ? 'Yes, archived' : 'Yes';
};

const Facts = (props: { explanation: Explanation } & Omit<ExplainPageProps, 'explanation' | 'asked'>) => {
  const { explanation, tenantBase, base, timeZone } = props;
  const { profile, number, userId, readAt, photoTrouble } = explanation;
  return (
    <dl class="facts">
      {readAt && (
        <div>
          <dt>In Google Workspace</dt>
          <dd>
            {inGoogle(explanation)}{' '}
            <span class="cell-note">
              as of the last complete reading, <Time at={readAt} timeZone={timeZone} />
            </span>
          </dd>
        </div>
      )}
      {profile && (
        <>
          <div>
            <dt>E-mail</dt>
            <dd>{profile.email}</dd>
          </div>
          <div>
            <dt>Organizational unit</dt>
            <dd>{profile.orgUnitPath}</dd>
          </div>
          <div>
            <dt>Among those you synchronize</dt>
            <dd>
              {yesOrNo(explanation.inScope)} <a href={`${base}/settings`}>Change who is</a>
            </dd>
          </div>
        </>
      )}
      {userId && (
        <div>
          <dt>Extension</dt>
          <dd>
            <a href={`${tenantBase}/users/${userId}`}>{number ? number.extensionNumber : 'Look at it'}</a>
          </dd>
        </div>
      )}
      {number && (
        <div>
          <dt>Why this number</dt>
          <dd>
            {numberInWords(number)} {number.runId && <a href={`${base}/runs/${number.runId}`}>The sync that gave it</a>}
            {number.since && (
              <span class="cell-note">
                Theirs since <Time at={number.since} timeZone={timeZone} />
              </span>
            )}
          </dd>
        </div>
      )}
      {photoTrouble && (
        <div>
          <dt>Photo</dt>
          <dd>
            {photoTrouble.message}
            <span class="cell-note">
              Tried again by the next sync after <Time at={photoTrouble.retryAt} timeZone={timeZone} />
            </span>
          </dd>
        </div>
      )}
    </dl>
  );
};

const Entry = ({ entry, base, timeZone }: { entry: HistoryEntry; base: string; timeZone: string }) => {
  const action = ACTIONS[entry.action as PlanAction];
  const status = STATUSES[entry.status as keyof typeof STATUSES];
  return (
    <li>
      <p class="timeline-head">
        <a href={`${base}/runs/${entry.runId}`}>
          <Time at={entry.at} timeZone={timeZone} />
        </a>{' '}
        <Badge tone={action.tone}>{action.label}</Badge>{' '}
        {entry.status !== 'done' && <Badge tone={status.tone}>{status.label}</Badge>}
      </p>
      <p>
        {reasonOf(entry.reason)}
        {entry.extensionNumber !== null && ` · ${entry.extensionNumber}`}
        {entry.requestedBy && <span class="muted"> · asked for by {entry.requestedBy}</span>}
      </p>
      <Difference before={entry.before} after={entry.after} />
      {entry.errorMessage && <p class="field-error">{entry.errorMessage}</p>}
    </li>
  );
};

const nameOf = ({ profile, history, googleId }: Explanation, asked: string): string => {
  const told = history.find(({ after }) => typeof after?.displayName === 'string')?.after?.displayName;
  return profile?.displayName ?? (typeof told === 'string' ? told : undefined) ?? (asked || (googleId ?? ''));
};

const Answer = (props: ExplainPageProps & { explanation: Explanation }) => {
  const { explanation, base, timeZone } = props;
  return (
    <>
      <section class="card" aria-labelledby="answer">
        <h2 id="answer" dir="auto">
          {nameOf(explanation, props.asked ?? '')}
        </h2>
        <p class="run-summary">{standingInWords(explanation)}</p>
        {explanation.googleId && <p>{verdictInWords(explanation)}</p>}
        <Facts {...props} />
      </section>
      <section aria-labelledby="person-history">
        <h2 id="person-history">What sync did so far</h2>
        {explanation.history.length === 0 ? (
          <Empty title="Nothing that the log still knows" />
        ) : (
          <ol class="card timeline">
            {explanation.history.map((entry) => (
              <Entry entry={entry} base={base} timeZone={timeZone} />
            ))}
          </ol>
        )}
      </section>
    </>
  );
};

/** One person explained: synchronized or not and why, why this number, and everything that sync did. */
export const ExplainPage = (props: ExplainPageProps) => {
  const { base, asked, explanation } = props;
  return (
    <>
      <Ask base={base} asked={asked} />
      {explanation === null && (
        <Empty icon="person" title="Nobody is known by that">
          <p>
            Neither the last reading of Google nor the PBX nor the log has such a person. Somebody who is new in Google
            is known after the next sync or preview.
          </p>
        </Empty>
      )}
      {explanation && <Answer {...props} explanation={explanation} />}
    </>
  );
};
