import type { FeatureHealth, IntegrationState, IntegrationView } from '../../../../authorization/index.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Problem } from '../../components/problem.tsx';
import { Time } from '../../components/time.tsx';

const STATES: Readonly<Record<IntegrationState, { readonly label: string; readonly tone: Tone }>> = {
  'not-configured': { label: 'Not configured', tone: 'neutral' },
  configured: { label: 'Configured', tone: 'neutral' },
  'waiting-for-consent': { label: 'Waiting for consent', tone: 'info' },
  active: { label: 'Active', tone: 'good' },
  reauthorize: { label: 'Re-authorize needed', tone: 'bad' },
  disconnected: { label: 'Disconnected', tone: 'neutral' },
};

const FEATURES: Readonly<Record<FeatureHealth['feature'], { readonly name: string; readonly purpose: string }>> = {
  mail: { name: 'Mail', purpose: 'Send notifications as the account that consented' },
  userSync: { name: 'User sync', purpose: 'Read the people of the directory' },
  photos: { name: 'Photos', purpose: 'Read the pictures of the people' },
  groups: { name: 'Groups', purpose: 'Know who is in the groups that narrow user sync' },
  orgUnits: { name: 'Organizational units', purpose: 'Choose from the units of your Google Workspace' },
  largePhotos: { name: 'Larger photos', purpose: 'Find larger pictures of the people' },
  signIn: { name: 'Sign-in', purpose: 'Know who signs in' },
};

const shortScope = (scope: string): string => scope.replace('https://www.googleapis.com/auth/', '');

const Features = ({ features }: { features: readonly FeatureHealth[] }) => (
  <table class="health-features">
    <caption class="visually-hidden">What the authorization is good for</caption>
    <thead>
      <tr>
        <th scope="col">Feature</th>
        <th scope="col">Access</th>
      </tr>
    </thead>
    <tbody>
      {features.map(({ feature, state, neededScopes, missingScopes }) => (
        <tr>
          <th scope="row">
            {FEATURES[feature].name}
            <span class="cell-note">{FEATURES[feature].purpose}</span>
          </th>
          <td>
            <Badge tone={state === 'ready' ? 'good' : 'warning'}>{state === 'ready' ? 'Granted' : 'Lacking'}</Badge>
            <ul class="scopes">
              {neededScopes.map((scope) => (
                <li>
                  <code>{shortScope(scope)}</code>
                  {missingScopes.includes(scope) && <span> not granted</span>}
                </li>
              ))}
            </ul>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

export const ProblemAdvice = ({ problem }: { problem: { message: string; action: string; link: string | null } }) => (
  <>
    <p>{problem.message}</p>
    <p>
      <strong>What to do:</strong> {problem.action}
      {problem.link && (
        <>
          {' '}
          <a href={problem.link} target="_blank" rel="noopener noreferrer">
            Open the page at Google
          </a>
        </>
      )}
    </p>
  </>
);

const Facts = ({ view, timeZone }: { view: IntegrationView; timeZone: string }) => (
  <dl class="facts">
    {view.customer && (
      <div>
        <dt>Company</dt>
        <dd>
          {view.customer.domain}
          {view.customer.id && <span class="cell-note">Customer {view.customer.id}</span>}
        </dd>
      </div>
    )}
    {view.authorizedBy && (
      <div>
        <dt>Authorized by</dt>
        <dd>
          {view.authorizedBy.email}
          <span class="cell-note">
            since <Time at={view.authorizedBy.at} timeZone={timeZone} />
          </span>
        </dd>
      </div>
    )}
    {view.lastRefreshedAt && (
      <div>
        <dt>Access last renewed</dt>
        <dd>
          <Time at={view.lastRefreshedAt} timeZone={timeZone} />
        </dd>
      </div>
    )}
    {view.authorizationExpiresAt && (
      <div>
        <dt>Authorization ends</dt>
        <dd>
          <Time at={view.authorizationExpiresAt} timeZone={timeZone} />
        </dd>
      </div>
    )}
  </dl>
);

export interface HealthCardProps {
  readonly view: IntegrationView;
  readonly base: string;
  readonly timeZone: string;
}

/** How the connection stands. While a consent is under way it looks again by itself, where script runs. */
export const HealthCard = ({ view, base, timeZone }: HealthCardProps) => {
  const { label, tone } = STATES[view.state];
  const isPartly = view.state === 'active' && view.features.some(({ state }) => state === 'lacking');
  const live =
    view.state === 'waiting-for-consent'
      ? { 'hx-get': base, 'hx-select': '#health', 'hx-trigger': 'every 3s', 'hx-swap': 'outerHTML' }
      : {};
  return (
    <section class="card" id="health" aria-labelledby="health-title" {...live}>
      <div class="card-head">
        <h2 id="health-title">Health</h2>
        <Badge tone={isPartly ? 'warning' : tone}>{isPartly ? 'Active, incomplete' : label}</Badge>
      </div>
      <p aria-live="polite">{view.summary}</p>
      {view.problem && (
        <Problem tone={view.state === 'active' ? 'warning' : 'bad'} title="This needs you">
          <ProblemAdvice problem={view.problem} />
          <p>
            Since <Time at={view.problem.since} timeZone={timeZone} />
          </p>
        </Problem>
      )}
      {(view.customer || view.authorizedBy) && <Facts view={view} timeZone={timeZone} />}
      {view.state === 'active' && <Features features={view.features} />}
    </section>
  );
};
