import { Hono } from 'hono';
import { z } from 'zod';
import { notFound } from '../../../errors.ts';
import type { Person } from '../../../people/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { newUserSchema } from '../../routes/users-schemas.ts';
import { emptyForm, type FormState, handleForm, type SubmittedForm } from '../form.ts';
import { levelOf } from '../level.ts';
import { withNotice } from '../notices.ts';
import { type PageOptions, page } from '../page.tsx';
import { ConfirmPage } from '../pages/confirm.tsx';
import { NewUserPage, UserPage } from '../pages/user.tsx';
import { phoneLinesSchema, toPhoneLines } from '../phone-lines.ts';

const ROOT = '/tenants/:tenantId/users';

const revision = z.coerce.number().int();
const newFormSchema = newUserSchema.extend({ phones: phoneLinesSchema });
const formSchema = newFormSchema.omit({ extensionNumber: true }).extend({ revision });
const stateSchema = z.object({ revision, enabled: z.enum(['yes', 'no']) });

/** An empty line of the form means that there is none. */
const toInput = ({ values }: SubmittedForm) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value?.trim() === '' && !['displayName', 'extensionNumber', 'phones'].includes(name) ? null : value,
    ]),
  );

const valuesOf = (person: Person): Record<string, string> => ({
  displayName: person.displayName,
  givenName: person.givenName ?? '',
  familyName: person.familyName ?? '',
  email: person.email ?? '',
  phones: toPhoneLines(person.phones),
  title: person.title ?? '',
  department: person.department ?? '',
  revision: String(person.revision),
});

const withoutGaps = ({
  displayName,
  email,
  givenName,
  familyName,
  phones,
  department,
  title,
}: z.infer<typeof formSchema>) => ({
  ...{ displayName, phones, email: email ?? null, givenName: givenName ?? null, familyName: familyName ?? null },
  ...{ department: department ?? null, title: title ?? null },
});

/** Extension users one by one: add, edit, enable and disable, delete. */
export const createUserPages = ({ people }: Pick<ApiDependencies, 'people'>): Hono<AppEnv> => {
  const idOf = (c: AppContext): string => {
    const id = z.uuid().safeParse(c.req.param('userId'));
    if (!id.success) throw notFound('user');
    return id.data;
  };
  const current = (c: AppContext): Promise<Person> => people.get(c.get('actor'), c.get('tenantId'), idOf(c));

  const showNew = (c: AppContext, form: FormState, status: PageOptions['status'] = 200) =>
    page(c, { title: 'Add a user', active: 'users', status }, <NewUserPage base={levelOf(c).base} form={form} />);

  const showUser = async (c: AppContext, given?: FormState, status: PageOptions['status'] = 200) => {
    const person = await current(c);
    const { base, timeZone } = levelOf(c);
    const form = given ? { ...given, values: { ...valuesOf(person), ...given.values } } : emptyForm(valuesOf(person));
    return page(
      c,
      { title: person.displayName, active: 'users', status },
      <UserPage base={base} person={person} form={form} timeZone={timeZone} />,
    );
  };

  const showDelete = async (c: AppContext, { message }: FormState, status: PageOptions['status'] = 200) => {
    const person = await current(c);
    const path = `${levelOf(c).base}/users/${person.id}`;
    const numberAfterwards = person.googleId
      ? 'the number is kept for this person for as long as your sync settings say'
      : 'the number is free for others at once';
    const again = person.googleId
      ? ' As long as Google Workspace has this person among those you synchronize, the next sync makes a new extension with the same number. Take the person out of the scope first, or disable the user instead.'
      : '';
    return page(
      c,
      { title: 'Delete user', active: 'users', status },
      <ConfirmPage
        title={`Delete ${person.displayName}?`}
        consequence={`Extension ${person.extensionNumber} goes with its voicemail and settings, and ${numberAfterwards}. This cannot be undone.${again}`}
        action={`${path}/delete`}
        button="Delete user"
        back={{ href: path, label: person.displayName }}
        message={message}
      />,
    );
  };

  return new Hono<AppEnv>()
    .get(`${ROOT}/new`, requireActor('admin'), (c) => showNew(c, emptyForm()))

    .post(`${ROOT}/new`, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: newFormSchema,
        toInput,
        async accept({ extensionNumber, ...fields }) {
          const person = await people.create(c.get('actor'), {
            ...withoutGaps({ ...fields, revision: 0 }),
            tenantId: c.get('tenantId'),
            extensionNumber: Number(extensionNumber),
          });
          return c.redirect(withNotice(`${levelOf(c).base}/users/${person.id}`, 'user-created'), 303);
        },
        refuse: (form, status) => showNew(c, form, status),
      }),
    )

    .get(`${ROOT}/:userId`, requireActor('read'), (c) => showUser(c))

    .post(`${ROOT}/:userId`, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: formSchema,
        toInput,
        async accept(input) {
          const { person, overwrittenBySync } = await people.change(c.get('actor'), {
            tenantId: c.get('tenantId'),
            userId: idOf(c),
            expectedRevision: input.revision,
            fields: withoutGaps(input),
          });
          const notice = overwrittenBySync.length > 0 ? 'user-changed-from-google' : 'user-changed';
          return c.redirect(withNotice(`${levelOf(c).base}/users/${person.id}`, notice), 303);
        },
        refuse: (form, status) => showUser(c, form, status),
      }),
    )

    .post(`${ROOT}/:userId/state`, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: stateSchema,
        async accept({ revision: expectedRevision, enabled }) {
          const request = { tenantId: c.get('tenantId'), userId: idOf(c), expectedRevision, fields: {} };
          const { person } = await people.change(c.get('actor'), { ...request, enabled: enabled === 'yes' });
          const notice = person.enabled ? 'user-enabled' : 'user-disabled';
          return c.redirect(withNotice(`${levelOf(c).base}/users/${person.id}`, notice), 303);
        },
        refuse: ({ message }, status) => showUser(c, { ...emptyForm(), message }, status),
      }),
    )

    .get(`${ROOT}/:userId/delete`, requireActor('admin'), (c) => showDelete(c, emptyForm()))

    .post(`${ROOT}/:userId/delete`, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: z.object({}),
        async accept() {
          await people.remove(c.get('actor'), c.get('tenantId'), idOf(c), undefined);
          return c.redirect(withNotice(`${levelOf(c).base}/users`, 'user-deleted'), 303);
        },
        refuse: (form, status) => showDelete(c, form, status),
      }),
    );
};
