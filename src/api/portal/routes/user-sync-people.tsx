import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { personSchema } from '../../routes/user-sync-people.ts';
import { PageHead } from '../components/page-head.tsx';
import { type FormState, handleForm } from '../form.ts';
import { page } from '../page.tsx';
import { SyncOnePerson } from '../pages/user-sync/sync-one-person.tsx';

const PEOPLE = '/tenants/:tenantId/google-workspace/user-sync/people';

/** One person at once, asked for on the tab USER SYNC. */
export const createUserSyncPeoplePages = ({ userSync }: Pick<ApiDependencies, 'userSync'>): Hono<AppEnv> => {
  const baseOf = (c: AppContext) => `/tenants/${c.get('tenantId')}/google-workspace/user-sync`;

  const show = (c: AppContext, given: { form?: FormState; status?: ContentfulStatusCode } = {}) =>
    page(
      c,
      { title: 'One person', active: 'google-workspace', ...(given.status && { status: given.status }) },
      <>
        <PageHead title="One person" back={{ href: baseOf(c), label: 'User sync' }} />
        <SyncOnePerson base={baseOf(c)} {...(given.form && { form: given.form })} />
      </>,
    );

  return new Hono<AppEnv>()
    .get(PEOPLE, requireActor('admin'), (c) => show(c))

    .post(PEOPLE, requireActor('admin'), (c) =>
      handleForm(c, {
        schema: z.object({ person: personSchema }),
        async accept({ person }) {
          const { runId } = await userSync.administration.syncPerson(c.get('actor'), c.get('tenantId'), person);
          return c.redirect(`${baseOf(c)}/runs/${runId}`, 303);
        },
        refuse: (form, status) => show(c, { form, status }),
      }),
    );
};
