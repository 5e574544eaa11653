import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isSystem } from '../../contracts/index.ts';
import type { AppContext } from '../environment.ts';
import { Layout, type Shell } from './components/layout.tsx';
import type { NavigationKey } from './navigation.ts';
import { noticeOf } from './notices.ts';

const shellOf = (c: AppContext): Shell => {
  const session = c.get('identity')?.session;
  return {
    assets: c.get('assets'),
    account: session && {
      email: session.email,
      displayName: session.displayName,
      isSystem: isSystem(session.actor.tenantId),
    },
    tenant: c.get('tenant'),
    notice: noticeOf(c.req.query('done')),
  };
};

export interface PageOptions {
  readonly title: string;
  /** The entry of the navigation that this page belongs to. */
  readonly active?: NavigationKey;
  readonly status?: ContentfulStatusCode;
}

/** Answers with a whole page: the content in the frame that all pages share. */
export const page = (
  c: AppContext,
  { title, active, status = 200 }: PageOptions,
  content: Child,
): Response | Promise<Response> =>
  c.html(
    <>
      {raw('<!doctype html>')}
      <Layout shell={shellOf(c)} title={title} active={active}>
        {content}
      </Layout>
    </>,
    status,
  );
