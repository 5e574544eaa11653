import { Hono } from 'hono';
import { z } from 'zod';
import { notFound } from '../../../errors.ts';
import { administratorInputSchema, passwordSchema } from '../../../tenants/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { toPageBody } from '../../pagination.ts';
import { administratorCursor } from '../../routes/administrators.ts';
import { emptyForm, type FormState, handleForm } from '../form.ts';
import { LEVEL_PATHS, levelOf } from '../level.ts';
import { listQuery } from '../list-query.ts';
import { withNotice } from '../notices.ts';
import { type PageOptions, page } from '../page.tsx';
import { AdministratorsPage, NewAdministratorPage, PasswordPage } from '../pages/administrators.tsx';
import { ConfirmPage } from '../pages/confirm.tsx';
import { requireAdministrator } from '../require-administrator.ts';

const idOf = (c: AppContext): string => {
  const id = z.uuid().safeParse(c.req.param('id'));
  if (!id.success) throw notFound('administrator');
  return id.data;
};

const options = (title: string, status: PageOptions['status'] = 200): PageOptions => ({
  title,
  status,
  active: 'administrators',
});

const removePage = (c: AppContext, { message }: FormState, status?: PageOptions['status']) => {
  const { base, name } = levelOf(c);
  return page(
    c,
    options('Remove administrator', status),
    <ConfirmPage
      title="Remove this administrator?"
      consequence={`They are signed out everywhere and can no longer administer ${name}.`}
      action={`${base}/administrators/${idOf(c)}/remove`}
      button="Remove administrator"
      back={{ href: `${base}/administrators`, label: 'Administrators' }}
      message={message}
    />,
  );
};

/** Administrators of either level. */
export const createAdministratorPages = ({ administrators }: Pick<ApiDependencies, 'administrators'>) => {
  const routes = new Hono<AppEnv>();

  for (const level of LEVEL_PATHS) {
    const path = `${level}/administrators` as const;

    routes.get(path, requireAdministrator(), async (c) => {
      const { base, name } = levelOf(c);
      const { isFirst, ...query } = listQuery(c, administratorCursor);
      const found = await administrators.list(c.get('actor'), c.get('tenantId'), query);
      const { items, nextCursor } = toPageBody(found, administratorCursor);
      return page(
        c,
        options('Administrators'),
        <AdministratorsPage
          base={base}
          levelName={name}
          administrators={items}
          ownId={c.get('actor').id}
          nextCursor={nextCursor}
          isFirst={isFirst}
        />,
      );
    });

    routes.get(`${path}/new`, requireAdministrator(), (c) =>
      page(c, options('Add an administrator'), <NewAdministratorPage base={levelOf(c).base} form={emptyForm()} />),
    );

    routes.post(`${path}/new`, requireAdministrator(), (c) =>
      handleForm(c, {
        schema: administratorInputSchema,
        async accept(input) {
          await administrators.create(c.get('actor'), c.get('tenantId'), input);
          return c.redirect(withNotice(`${levelOf(c).base}/administrators`, 'administrator-created'), 303);
        },
        refuse: (form, status) =>
          page(c, options('Add an administrator', status), <NewAdministratorPage base={levelOf(c).base} form={form} />),
      }),
    );

    routes.get(`${path}/:id/password`, requireAdministrator(), (c) =>
      page(c, options('Set a new password'), <PasswordPage base={levelOf(c).base} id={idOf(c)} form={emptyForm()} />),
    );

    routes.post(`${path}/:id/password`, requireAdministrator(), (c) =>
      handleForm(c, {
        schema: z.object({ password: passwordSchema }),
        async accept({ password }) {
          await administrators.setPassword(c.get('actor'), c.get('tenantId'), idOf(c), password);
          return c.redirect(withNotice(`${levelOf(c).base}/administrators`, 'password-set'), 303);
        },
        refuse: (form, status) =>
          page(
            c,
            options('Set a new password', status),
            <PasswordPage base={levelOf(c).base} id={idOf(c)} form={form} />,
          ),
      }),
    );

    routes.get(`${path}/:id/remove`, requireAdministrator(), (c) => removePage(c, emptyForm()));

    routes.post(`${path}/:id/remove`, requireAdministrator(), (c) =>
      handleForm(c, {
        schema: z.object({}),
        async accept() {
          await administrators.remove(c.get('actor'), c.get('tenantId'), idOf(c));
          return c.redirect(withNotice(`${levelOf(c).base}/administrators`, 'administrator-removed'), 303);
        },
        refuse: (form, status) => removePage(c, form, status),
      }),
    );
  }

  return routes;
};
