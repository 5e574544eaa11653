import { Hono } from 'hono';
import { isAppError } from '../../../errors.ts';
import type { Explanation } from '../../../user-sync/index.ts';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppContext, AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { PageHead } from '../components/page-head.tsx';
import { levelOf } from '../level.ts';
import { page } from '../page.tsx';
import { ExplainPage } from '../pages/user-sync/explain.tsx';

const LONGEST_QUESTION = 254;

/** The page that explains one person of user sync. */
export const createUserSyncExplainPages = ({ userSync }: Pick<ApiDependencies, 'userSync'>): Hono<AppEnv> => {
  const explain = async (c: AppContext, user: string): Promise<Explanation | null> => {
    try {
      return await userSync.administration.explain(c.get('actor'), { tenantId: c.get('tenantId'), user });
    } catch (error) {
      if (isAppError(error, 'NOT_FOUND')) return null;
      throw error;
    }
  };

  return new Hono<AppEnv>().get(
    '/tenants/:tenantId/google-workspace/user-sync/explain',
    requireActor('read'),
    async (c) => {
      const { base: tenantBase, timeZone } = levelOf(c);
      const base = `${tenantBase}/google-workspace/user-sync`;
      const asked = c.req.query('user')?.trim().slice(0, LONGEST_QUESTION) || undefined;
      const explanation = asked === undefined ? undefined : await explain(c, asked);
      return page(
        c,
        { title: 'Explain a person', active: 'google-workspace' },
        <>
          <PageHead
            title="Explain a person"
            lead="Why somebody is synchronized or not, why this number, and what was done so far."
            back={{ href: base, label: 'User sync' }}
          />
          <ExplainPage {...{ tenantBase, base, timeZone, asked, explanation }} />
        </>,
      );
    },
  );
};
