import type { IntegrationState, IntegrationView } from '../../../../authorization/index.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { Field } from '../../components/field.tsx';
import { Problem } from '../../components/problem.tsx';
import { emptyForm, type FormState } from '../../form.ts';
import { HealthCard, ProblemAdvice } from './health-card.tsx';

export interface PermissionsProps {
  readonly view: IntegrationView;
  readonly base: string;
  readonly timeZone: string;
  readonly form: FormState;
  /** The consent that the browser comes back from, if it does. */
  readonly returnedFrom: string | undefined;
  /** Why the consent could not be begun. */
  readonly refusal: string | undefined;
}

export const credentialsForm = (view: IntegrationView): FormState =>
  emptyForm({ clientId: view.clientId ?? '', version: String(view.version) });

const RedirectUris = ({ view }: { view: IntegrationView }) => (
  <section class="card" aria-labelledby="redirect-uris-title">
    <h2 id="redirect-uris-title">
      {view.redirectUris.length === 1 ? 'Authorized redirect URI' : 'Authorized redirect URIs'}
    </h2>
    <p>
      In the Google Cloud console, open your OAuth client of the type <em>Web application</em> and add{' '}
      {view.redirectUris.length === 1 ? 'this address' : 'each of these addresses'}, exactly as it stands.
    </p>
    {view.redirectUris.map((uri) => (
      <CopyText label="the redirect URI" text={uri} />
    ))}
    {view.redirectUriProblems.map(({ redirectUri, message }) => (
      <Problem tone="warning" title={redirectUri}>
        {message}
      </Problem>
    ))}
  </section>
);

const Credentials = ({ view, base, form }: Pick<PermissionsProps, 'view' | 'base' | 'form'>) => (
  <form method="post" action={`${base}/credentials`} class="card" id="credentials">
    <h2>Client ID and secret</h2>
    {form.message && <Problem>{form.message}</Problem>}
    <input type="hidden" name="version" value={form.values.version} />
    <Field
      name="clientId"
      label="Client ID"
      required
      spellcheck={false}
      value={form.values.clientId}
      error={form.errors.clientId}
      placeholder="1234567890-abc.apps.googleusercontent.com"
      hint="From APIs & Services > Credentials."
    />
    <Field
      name="clientSecret"
      label="Client secret"
      type="password"
      required
      autocomplete="new-password"
      error={form.errors.clientSecret}
      hint={
        view.hasClientSecret
          ? 'A secret is saved. It is never shown again; type it anew to change anything here.'
          : 'It is kept encrypted and never shown again.'
      }
    />
    <button type="submit" class={view.hasClientSecret ? 'secondary outline' : undefined}>
      Save credentials
    </button>
  </form>
);

const Authorize = ({ view, base, refusal }: Pick<PermissionsProps, 'view' | 'base' | 'refusal'>) => {
  const isConnected = view.state === 'active';
  return (
    <section class="card" aria-labelledby="authorize-title">
      <h2 id="authorize-title">{isConnected ? 'Authorize again' : 'Authorization'}</h2>
      {refusal && <Problem>{refusal}</Problem>}
      {view.clientId ? (
        <form method="post" action={`${base}/authorization`}>
          <p>
            {view.level === 'system'
              ? 'Google asks you to allow sending mail. Sign in there with the mailbox that notifications come from.'
              : 'Google asks you to allow what mail, user sync, photos and sign-in need. Sign in there as a super administrator, and leave every access ticked.'}
          </p>
          <button type="submit" class={isConnected ? 'secondary outline' : undefined}>
            Complete the authorization
          </button>
        </form>
      ) : (
        <p class="muted">Save the client ID and the client secret first.</p>
      )}
    </section>
  );
};

/** States in which there is an access, or one on its way. */
const MAY_DISCONNECT: readonly IntegrationState[] = ['active', 'reauthorize', 'waiting-for-consent'];

const Leave = ({ view, base }: Pick<PermissionsProps, 'view' | 'base'>) => (
  <section class="card danger" aria-labelledby="leave-title">
    <h2 id="leave-title">Disconnect or reset</h2>
    <p>
      <strong>Disconnect</strong> ends the access at Google and keeps everything here. <strong>Reset</strong> also
      forgets which company is connected{view.level === 'tenant' && ', all bindings and the sync mode'}.
    </p>
    <div class="form-actions">
      {MAY_DISCONNECT.includes(view.state) && (
        <a class="button outline destructive" href={`${base}/disconnect`}>
          Disconnect…
        </a>
      )}
      <a class="button outline destructive" href={`${base}/reset`}>
        Reset…
      </a>
    </div>
  </section>
);

const LastConsent = ({ view, returnedFrom }: Pick<PermissionsProps, 'view' | 'returnedFrom'>) => {
  const { consent } = view;
  if (!consent) return null;
  const isBack = consent.requestId === returnedFrom;
  if (isBack && consent.state === 'waiting') {
    return (
      <Problem tone="info" title="Google’s answer is being worked on">
        This takes a few seconds. Load the page again if it does not change by itself.
      </Problem>
    );
  }
  const isWorthTelling = isBack || view.state === 'configured' || view.state === 'reauthorize';
  if (isBack && consent.state === 'authorized' && view.state === 'active') {
    const isWhole = view.features.every(({ state }) => state === 'ready');
    return <Problem tone={isWhole ? 'good' : 'warning'}>{view.summary}</Problem>;
  }
  if (!consent.problem || !isWorthTelling || consent.state === 'superseded') return null;
  return (
    <Problem tone={isBack ? 'bad' : 'warning'} title="The last authorization did not come about">
      <ProblemAdvice problem={consent.problem} />
    </Problem>
  );
};

/** The tab PERMISSIONS: what Google needs of us, what we need of Google, and how the connection stands. */
export const Permissions = ({ view, base, timeZone, form, returnedFrom, refusal }: PermissionsProps) => {
  const health = <HealthCard view={view} base={base} timeZone={timeZone} />;
  const wasConnected = view.authorizedBy !== null;
  return (
    <div class="permissions">
      <LastConsent view={view} returnedFrom={returnedFrom} />
      {wasConnected && health}
      {wasConnected && <Authorize view={view} base={base} refusal={refusal} />}
      <RedirectUris view={view} />
      <Credentials view={view} base={base} form={form} />
      {!wasConnected && <Authorize view={view} base={base} refusal={refusal} />}
      {!wasConnected && health}
      {view.clientId && <Leave view={view} base={base} />}
    </div>
  );
};
