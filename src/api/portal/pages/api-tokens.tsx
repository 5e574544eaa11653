import type { ApiTokenView, Scope } from '../../../tenants/index.ts';
import { Badge } from '../components/badge.tsx';
import { CopyText } from '../components/copy-text.tsx';
import { Empty } from '../components/empty.tsx';
import { Choices, Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pager } from '../components/pager.tsx';
import { Problem } from '../components/problem.tsx';
import { Time } from '../components/time.tsx';
import type { FormState } from '../form.ts';

const SCOPE_LABELS: Readonly<Record<Scope, string>> = {
  'events:write': 'Send events',
  read: 'Read',
  admin: 'Administer',
};

const SCOPE_HINTS: Readonly<Record<Scope, string>> = {
  'events:write': 'All that a phone system needs to have mail sent.',
  read: 'See people, runs and settings, change nothing.',
  admin: 'Everything an administrator may do.',
};

const SCOPE_CHOICES = (Object.keys(SCOPE_LABELS) as Scope[]).map((value) => ({
  value,
  label: SCOPE_LABELS[value],
  hint: SCOPE_HINTS[value],
}));

export interface ApiTokensPageProps {
  readonly base: string;
  readonly levelName: string;
  readonly tokens: readonly ApiTokenView[];
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

export const ApiTokensPage = ({ base, levelName, tokens, nextCursor, isFirst }: ApiTokensPageProps) => {
  const path = `${base}/api-tokens`;
  return (
    <>
      <PageHead
        title="API tokens"
        lead={
          <>
            With these, programs act on {levelName}. See the <a href="/docs">description of the API</a>.
          </>
        }
      >
        <a class="button" href={`${path}/new`}>
          <Icon name="plus" />
          Create token
        </a>
      </PageHead>
      {tokens.length === 0 ? (
        <Empty icon="key" title="No tokens yet">
          <p>Create one for each program, so that each can be revoked by itself.</p>
        </Empty>
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Token</th>
                <th scope="col">May</th>
                <th scope="col">Last used</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map(({ id, name, prefix, scopes, lastUsedAt }) => (
                <tr>
                  <th scope="row">{name}</th>
                  <td data-label="Token">
                    <code>{prefix}…</code>
                  </td>
                  <td data-label="May">
                    <span class="badges">
                      {scopes.map((scope) => (
                        <Badge tone={scope === 'admin' ? 'warning' : 'neutral'}>{SCOPE_LABELS[scope]}</Badge>
                      ))}
                    </span>
                  </td>
                  <td data-label="Last used">
                    {lastUsedAt ? <Time at={lastUsedAt} /> : <span class="muted">Never</span>}
                  </td>
                  <td class="row-actions">
                    <a href={`${path}/${id}/revoke`} class="destructive" aria-label={`Revoke ${name}`}>
                      Revoke
                    </a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager path={path} nextCursor={nextCursor} isFirst={isFirst} />
    </>
  );
};

export const NewApiTokenPage = ({ base, form }: { base: string; form: FormState }) => (
  <>
    <PageHead title="Create an API token" back={{ href: `${base}/api-tokens`, label: 'API tokens' }} />
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action={`${base}/api-tokens/new`} class="card form">
      <Field
        name="name"
        label="What is it for?"
        hint="The program that will use it, such as “Voicemail server”."
        value={form.values.name}
        error={form.errors.name}
        required
        autofocus
      />
      <Choices
        name="scopes"
        label="What may it do?"
        kind="checkbox"
        choices={SCOPE_CHOICES}
        chosen={form.lists.scopes ?? []}
        error={form.errors.scopes}
      />
      <div class="form-actions">
        <button type="submit">Create token</button>
        <a href={`${base}/api-tokens`} class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);

export const CreatedApiTokenPage = ({ base, name, token }: { base: string; name: string; token: string }) => (
  <>
    <PageHead title="Your new token" back={{ href: `${base}/api-tokens`, label: 'API tokens' }} />
    <Problem tone="warning" title="Copy it now">
      This is the only time the token is shown. We keep no copy of it.
    </Problem>
    <section class="card">
      <h2>{name}</h2>
      <CopyText label="the token" text={token} />
      <p class="muted">
        Programs send it as <code>Authorization: Bearer …</code>
      </p>
      <a href={`${base}/api-tokens`} class="button">
        I have kept it
      </a>
    </section>
  </>
);
