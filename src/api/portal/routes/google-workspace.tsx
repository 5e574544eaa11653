import { Hono } from 'hono';
import { z } from 'zod';
import { isSystem } from '../../../contracts/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { statusOf, toAppError } from '../../problem-details.ts';
import { emptyForm, type FormState, handleForm } from '../form.ts';
import { LEVEL_PATHS, levelOf } from '../level.ts';
import { withNotice } from '../notices.ts';
import { page } from '../page.tsx';
import { GoogleWorkspaceHead } from '../pages/google-workspace/head.tsx';
import { DisconnectPage, ResetPage } from '../pages/google-workspace/leave.tsx';
import { credentialsForm, Permissions } from '../pages/google-workspace/permissions.tsx';
import { requireAdministrator } from '../require-administrator.ts';

const credentialsSchema = z.object({
  clientId: z.string().max(512).default(''),
  clientSecret: z.string().max(512).default(''),
  version: z.coerce.number().int().min(0),
});

const resetSchema = z.object({ confirm: z.string().trim().toLowerCase().default('') });

interface Shown {
  readonly form?: FormState;
  readonly refusal?: string;
  readonly status?: ReturnType<typeof statusOf>;
}

/** The tab PERMISSIONS of both levels, with the questions before disconnecting and resetting. */
export const createGoogleWorkspacePages = ({ authorization }: Pick<ApiDependencies, 'authorization'>): Hono<AppEnv> => {
  const routes = new Hono<AppEnv>();
  const baseOf = (c: AppContext): string => `${levelOf(c).base}/google-workspace`;
  const who = (c: AppContext) => [c.get('actor'), c.get('tenantId')] as const;
  const levelName = (c: AppContext) => (isSystem(c.get('tenantId')) ? 'system' : 'tenant');
  const active = 'google-workspace';

  /** Of our own addresses the one that this browser came by; its Host only chooses among them. */
  const redirectUriFor = (c: AppContext): string | undefined => {
    const { host } = new URL(c.req.url);
    return authorization.redirectUris.find((uri) => new URL(uri).host === host);
  };

  const showPermissions = async (c: AppContext, { form, refusal, status }: Shown = {}) => {
    const view = await authorization.view(...who(c));
    return page(
      c,
      { title: 'Google Workspace', active, ...(status && { status }) },
      <>
        <GoogleWorkspaceHead base={baseOf(c)} level={view.level} tab="permissions" />
        <Permissions
          view={view}
          base={baseOf(c)}
          timeZone={levelOf(c).timeZone}
          form={form ?? credentialsForm(view)}
          returnedFrom={c.req.query('consent')}
          refusal={refusal}
        />
      </>,
    );
  };

  const showReset = async (c: AppContext, form: FormState, status?: Shown['status']) =>
    page(
      c,
      { title: 'Reset the integration', active, ...(status && { status }) },
      <ResetPage
        base={baseOf(c)}
        level={levelName(c)}
        preview={await authorization.previewReset(...who(c))}
        form={form}
      />,
    );

  for (const level of LEVEL_PATHS) {
    const root = `${level}/google-workspace`;

    routes.get(root, requireAdministrator(), (c) => showPermissions(c));

    routes.post(`${root}/credentials`, requireAdministrator(), (c) =>
      handleForm(c, {
        schema: credentialsSchema,
        async accept({ version, ...credentials }) {
          await authorization.saveCredentials(...who(c), { ...credentials, expectedVersion: version });
          return c.redirect(withNotice(baseOf(c), 'google-credentials-saved'), 303);
        },
        refuse: (form, status) => showPermissions(c, { form, status }),
      }),
    );

    routes.post(`${root}/authorization`, requireAdministrator(), async (c) => {
      try {
        const { authorizationUrl } = await authorization.begin(...who(c), redirectUriFor(c));
        return c.redirect(authorizationUrl, 303);
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'INTERNAL') throw thrown;
        c.set('problemCode', error.code);
        return showPermissions(c, { refusal: error.publicMessage, status: statusOf(error) });
      }
    });

    routes.get(`${root}/disconnect`, requireAdministrator(), (c) =>
      page(c, { title: 'Disconnect from Google', active }, <DisconnectPage base={baseOf(c)} />),
    );

    routes.post(`${root}/disconnect`, requireAdministrator(), async (c) => {
      const { revokedAtGoogle } = await authorization.disconnect(...who(c));
      const notice = revokedAtGoogle ? 'google-disconnected' : 'google-disconnected-here';
      return c.redirect(withNotice(baseOf(c), notice), 303);
    });

    routes.get(`${root}/reset`, requireAdministrator(), (c) => showReset(c, emptyForm()));

    routes.post(`${root}/reset`, requireAdministrator(), (c) =>
      handleForm(c, {
        schema: resetSchema,
        async accept({ confirm }) {
          await authorization.reset(...who(c), confirm);
          return c.redirect(withNotice(baseOf(c), 'google-reset'), 303);
        },
        refuse: (form, status) => showReset(c, form, status),
      }),
    );
  }

  return routes;
};
