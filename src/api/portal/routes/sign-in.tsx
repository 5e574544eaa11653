import { Hono } from 'hono';
import { isSystem } from '../../../contracts/index.ts';
import { passwordSignInSchema } from '../../../sign-in/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppEnv } from '../../environment.ts';
import type { SessionCookie } from '../../middleware/session-cookie.ts';
import { emptyForm, handleForm } from '../form.ts';
import { withNotice } from '../notices.ts';
import { ownPath } from '../own-path.ts';
import { page } from '../page.tsx';
import { SignInPage } from '../pages/sign-in.tsx';

export interface SignInRoutesDependencies extends Pick<ApiDependencies, 'signInWithPassword' | 'sessions'> {
  readonly cookie: SessionCookie;
}

/** `/` (to where one belongs), `/sign-in`, `/sign-out`. */
export const createSignInRoutes = ({ signInWithPassword, sessions, cookie }: SignInRoutesDependencies) => {
  const routes = new Hono<AppEnv>();

  routes.get('/', (c) => {
    const actor = c.get('identity')?.session?.actor;
    if (!actor) return c.redirect('/sign-in', 303);
    return c.redirect(isSystem(actor.tenantId) ? '/tenants' : `/tenants/${actor.tenantId}`, 303);
  });

  routes.get('/sign-in', (c) => {
    const next = ownPath(c.req.query('next'));
    if (c.get('identity')?.session) return c.redirect(next, 303);
    const form = emptyForm({ domain: c.req.query('domain') ?? '' });
    return page(c, { title: 'Sign in' }, <SignInPage form={form} next={next} />);
  });

  routes.post('/sign-in', (c) =>
    handleForm(c, {
      schema: passwordSignInSchema,
      async accept(input, { values }) {
        const token = await signInWithPassword(input, {
          ip: c.get('ip'),
          userAgent: c.req.header('user-agent') ?? 'unknown',
          previousToken: cookie.read(c),
        });
        cookie.write(c, token);
        return c.redirect(ownPath(values.next), 303);
      },
      refuse: (form, status) =>
        page(c, { title: 'Sign in', status }, <SignInPage form={form} next={ownPath(form.values.next)} />),
    }),
  );

  routes.post('/sign-out', async (c) => {
    const token = cookie.read(c);
    if (token) await sessions.end(token);
    cookie.clear(c);
    return c.redirect(withNotice('/sign-in', 'signed-out'), 303);
  });

  return routes;
};
