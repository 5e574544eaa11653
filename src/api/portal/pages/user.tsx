import type { Person } from '../../../people/index.ts';
import { Field } from '../components/field.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Problem } from '../components/problem.tsx';
import { TextArea } from '../components/text-area.tsx';
import { Time } from '../components/time.tsx';
import type { FormState } from '../form.ts';
import { UserState } from './users.tsx';

const Fields = ({ form }: { form: FormState }) => (
  <>
    <div class="field-pair">
      <Field name="givenName" label="Given name" value={form.values.givenName} error={form.errors.givenName} />
      <Field name="familyName" label="Family name" value={form.values.familyName} error={form.errors.familyName} />
    </div>
    <Field name="email" label="E-mail" type="email" value={form.values.email} error={form.errors.email} />
    <TextArea
      name="phones"
      label="Phones"
      rows={2}
      value={form.values.phones}
      error={form.errors.phones}
      hint="One a line, such as mobile: +49 170 1234567."
    />
    <div class="field-pair">
      <Field name="title" label="Title" value={form.values.title} error={form.errors.title} />
      <Field name="department" label="Department" value={form.values.department} error={form.errors.department} />
    </div>
  </>
);

const DisplayName = ({ form, autofocus }: { form: FormState; autofocus: boolean }) => (
  <Field
    name="displayName"
    label="Name"
    hint="As phones show it."
    value={form.values.displayName}
    error={form.errors.displayName}
    required
    autofocus={autofocus}
  />
);

export const NewUserPage = ({ base, form }: { base: string; form: FormState }) => (
  <>
    <PageHead
      title="Add a user"
      lead="For somebody, or something, that is not in Google Workspace. A sync leaves it alone until it is linked to a Google user."
      back={{ href: `${base}/users`, label: 'Users' }}
    />
    {form.message && <Problem>{form.message}</Problem>}
    <form method="post" action={`${base}/users/new`} class="card form">
      <DisplayName form={form} autofocus />
      <Field
        name="extensionNumber"
        label="Extension number"
        hint="3 to 13 digits with no leading zero. It stays for good."
        inputmode="numeric"
        value={form.values.extensionNumber}
        error={form.errors.extensionNumber}
        required
      />
      <Fields form={form} />
      <div class="form-actions">
        <button type="submit">Add user</button>
        <a href={`${base}/users`} class="button secondary outline">
          Cancel
        </a>
      </div>
    </form>
  </>
);

const FromGoogle = ({ base, person }: { base: string; person: Person }) => (
  <Problem tone="info" title="This user comes from Google Workspace">
    Change name, e-mail, phones, title and department there: each sync writes what Google says over what stands here.{' '}
    <a href={`${base}/google-workspace/user-sync/explain?user=${encodeURIComponent(person.googleId ?? '')}`}>
      What sync did with this user, and why
    </a>
    .
  </Problem>
);

const enabledAdvice = (person: Person): string => {
  if (person.enabled) {
    return 'A disabled user keeps number, voicemail and settings, and cannot call. No sync enables whom you disable.';
  }
  if (person.disabledBy === 'sync') {
    return 'The sync disabled this user because of something in Google. Once you enable it, a sync disables it again as long as that has not changed.';
  }
  return 'An administrator disabled this user, so it stays disabled until one enables it.';
};

const Availability = ({ path, person }: { path: string; person: Person }) => (
  <section class="card form" aria-labelledby="state">
    <div class="section-head">
      <h2 id="state">State</h2>
      <UserState person={person} />
    </div>
    <p>{enabledAdvice(person)}</p>
    <div class="actions">
      <form method="post" action={`${path}/state`}>
        <input type="hidden" name="revision" value={String(person.revision)} />
        <input type="hidden" name="enabled" value={person.enabled ? 'no' : 'yes'} />
        <button type="submit" class="secondary outline">
          {person.enabled ? 'Disable this user' : 'Enable this user'}
        </button>
      </form>
      {person.disabledBy === 'sync' && (
        <form method="post" action={`${path}/state`}>
          <input type="hidden" name="revision" value={String(person.revision)} />
          <input type="hidden" name="enabled" value="no" />
          <button type="submit" class="secondary outline">
            Keep disabled whatever Google says
          </button>
        </form>
      )}
      <a href={`${path}/delete`} class="button secondary outline destructive">
        Delete this user
      </a>
    </div>
  </section>
);

export interface UserPageProps {
  readonly base: string;
  readonly person: Person;
  readonly form: FormState;
  readonly timeZone: string;
}

/** One extension user: its fields, its state, its end. */
export const UserPage = ({ base, person, form, timeZone }: UserPageProps) => {
  const path = `${base}/users/${person.id}`;
  return (
    <>
      <PageHead
        title={person.displayName}
        lead={
          <>
            Extension <strong>{person.extensionNumber}</strong>, since{' '}
            <Time at={new Date(person.createdAt)} timeZone={timeZone} />
          </>
        }
        back={{ href: `${base}/users`, label: 'Users' }}
      />
      {form.message && <Problem>{form.message}</Problem>}
      {person.googleId && <FromGoogle base={base} person={person} />}
      <form method="post" action={path} class="card form">
        <h2>Details</h2>
        <input type="hidden" name="revision" value={form.values.revision ?? String(person.revision)} />
        <DisplayName form={form} autofocus={false} />
        <Fields form={form} />
        <div class="form-actions">
          <button type="submit">Save changes</button>
        </div>
      </form>
      <Availability path={path} person={person} />
    </>
  );
};
