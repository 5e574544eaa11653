import { type AdministratorView, PASSWORD_MIN_LENGTH } from '../../../tenants/index.ts';
import { Badge } from '../components/badge.tsx';
import { Empty } from '../components/empty.tsx';
import { Field } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pager } from '../components/pager.tsx';
import { Problem } from '../components/problem.tsx';
import { Time } from '../components/time.tsx';
import type { FormState } from '../form.ts';

export interface AdministratorsPageProps {
  /** Where this level's pages begin. */
  readonly base: string;
  readonly levelName: string;
  readonly administrators: readonly AdministratorView[];
  readonly ownId: string;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

export const AdministratorsPage = (props: AdministratorsPageProps) => {
  const { base, levelName, administrators, ownId, nextCursor, isFirst } = props;
  const path = `${base}/administrators`;
  return (
    <>
      <PageHead title="Administrators" lead={`The people who may administer ${levelName}.`}>
        <a class="button" href={`${path}/new`}>
          <Icon name="plus" />
          Add administrator
        </a>
      </PageHead>
      {administrators.length === 0 ? (
        <Empty icon="person" title="No administrators of its own">
          <p>Administrators of the system look after it until you add one.</p>
        </Empty>
      ) : (
        <div class="table-frame">
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">E-mail</th>
                <th scope="col">Last signed in</th>
                <th scope="col">
                  <span class="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {administrators.map(({ id, displayName, email, lastSignedInAt }) => (
                <tr>
                  <th scope="row">
                    {displayName} {id === ownId && <Badge tone="info">You</Badge>}
                  </th>
                  <td data-label="E-mail">{email}</td>
                  <td data-label="Last signed in">
                    {lastSignedInAt ? <Time at={lastSignedInAt} /> : <span class="muted">Never</span>}
                  </td>
                  <td class="row-actions">
                    <a href={`${path}/${id}/password`} aria-label={`Set a new password for ${displayName}`}>
                      New password
                    </a>
                    <a href={`${path}/${id}/remove`} class="destructive" aria-label={`Remove ${displayName}`}>
                      Remove
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

const PASSWORD_HINT = `At least ${PASSWORD_MIN_LENGTH} characters. A few random words do well.`;

export const NewAdministratorPage = ({ base, form }: { base: string; form: FormState }) => (
  <>
    <PageHead title="Add an administrator" back={{ href: `${base}/administrators`, label: 'Administrators' }} />
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action={`${base}/administrators/new`} class="card form">
      <Field
        name="displayName"
        label="Name"
        value={form.values.displayName}
        error={form.errors.displayName}
        required
        autofocus
      />
      <Field name="email" label="E-mail" type="email" value={form.values.email} error={form.errors.email} required />
      <Field
        name="password"
        label="First password"
        type="password"
        autocomplete="new-password"
        hint={PASSWORD_HINT}
        error={form.errors.password}
        required
      />
      <div class="form-actions">
        <button type="submit">Add administrator</button>
        <a href={`${base}/administrators`} class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);

export const PasswordPage = ({ base, id, form }: { base: string; id: string; form: FormState }) => (
  <>
    <PageHead
      title="Set a new password"
      lead="Every session of this administrator ends."
      back={{ href: `${base}/administrators`, label: 'Administrators' }}
    />
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action={`${base}/administrators/${id}/password`} class="card form">
      <Field
        name="password"
        label="New password"
        type="password"
        autocomplete="new-password"
        hint={PASSWORD_HINT}
        error={form.errors.password}
        required
        autofocus
      />
      <div class="form-actions">
        <button type="submit">Set password</button>
        <a href={`${base}/administrators`} class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);
