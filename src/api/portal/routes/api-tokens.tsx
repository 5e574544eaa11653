import { Hono } from 'hono';
import { z } from 'zod';
import { notFound } from '../../../errors.ts';
import { apiTokenInputSchema } from '../../../tenants/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { toPageBody } from '../../pagination.ts';
import { apiTokenCursor } from '../../routes/api-tokens.ts';
import { emptyForm, handleForm } from '../form.ts';
import { LEVEL_PATHS, levelOf } from '../level.ts';
import { listQuery } from '../list-query.ts';
import { withNotice } from '../notices.ts';
import { type PageOptions, page } from '../page.tsx';
import { ApiTokensPage, CreatedApiTokenPage, NewApiTokenPage } from '../pages/api-tokens.tsx';
import { ConfirmPage } from '../pages/confirm.tsx';
import { requireAdministrator } from '../require-administrator.ts';

const idOf = (c: AppContext): string => {
  const id = z.uuid().safeParse(c.req.param('id'));
  if (!id.success) throw notFound('API token');
  return id.data;
};

const options = (title: string, status: PageOptions['status'] = 200): PageOptions => ({
  title,
  status,
  active: 'api-tokens',
});

/** API tokens of either level. */
export const createApiTokenPages = ({ apiTokens }: Pick<ApiDependencies, 'apiTokens'>) => {
  const routes = new Hono<AppEnv>();

  for (const level of LEVEL_PATHS) {
    const path = `${level}/api-tokens` as const;

    routes.get(path, requireAdministrator(), async (c) => {
      const { base, name } = levelOf(c);
      const { isFirst, ...query } = listQuery(c, apiTokenCursor);
      const found = await apiTokens.list(c.get('actor'), c.get('tenantId'), query);
      const { items, nextCursor } = toPageBody(found, apiTokenCursor);
      return page(
        c,
        options('API tokens'),
        <ApiTokensPage base={base} levelName={name} tokens={items} nextCursor={nextCursor} isFirst={isFirst} />,
      );
    });

    routes.get(`${path}/new`, requireAdministrator(), (c) =>
      page(c, options('Create an API token'), <NewApiTokenPage base={levelOf(c).base} form={emptyForm()} />),
    );

    // The one form that answers with a page instead of a redirect: the token is shown once and kept nowhere.
    routes.post(`${path}/new`, requireAdministrator(), (c) =>
      handleForm(c, {
        schema: apiTokenInputSchema,
        toInput: ({ values, lists }) => ({ name: values.name, scopes: lists.scopes ?? [] }),
        async accept(input) {
          const { token } = await apiTokens.create(c.get('actor'), c.get('tenantId'), input);
          return page(
            c,
            options('Your new token'),
            <CreatedApiTokenPage base={levelOf(c).base} name={input.name} token={token} />,
          );
        },
        refuse: (form, status) =>
          page(c, options('Create an API token', status), <NewApiTokenPage base={levelOf(c).base} form={form} />),
      }),
    );

    routes.get(`${path}/:id/revoke`, requireAdministrator(), (c) => {
      const { base } = levelOf(c);
      return page(
        c,
        options('Revoke token'),
        <ConfirmPage
          title="Revoke this token?"
          consequence="The program that uses it is refused from that moment on."
          action={`${base}/api-tokens/${idOf(c)}/revoke`}
          button="Revoke token"
          back={{ href: `${base}/api-tokens`, label: 'API tokens' }}
        />,
      );
    });

    routes.post(`${path}/:id/revoke`, requireAdministrator(), async (c) => {
      await apiTokens.revoke(c.get('actor'), c.get('tenantId'), idOf(c));
      return c.redirect(withNotice(`${levelOf(c).base}/api-tokens`, 'api-token-revoked'), 303);
    });
  }

  return routes;
};
