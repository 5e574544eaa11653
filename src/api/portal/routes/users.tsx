import { Hono } from 'hono';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { createCursor } from '../../pagination.ts';
import { PageHead } from '../components/page-head.tsx';
import { page } from '../page.tsx';
import { UsersPage } from '../pages/users.tsx';

const PAGE_SIZE = 50;
const cursors = createCursor(z.object({ number: z.number().int() }));

/** Users in the portal. */
export const createUsersPages = ({ people }: Pick<ApiDependencies, 'people'>): Hono<AppEnv> =>
  new Hono<AppEnv>().get('/tenants/:tenantId/users', requireActor('read'), async (c) => {
    const tenantId = c.get('tenantId');
    const actor = c.get('actor');
    const search = c.req.query('q')?.trim().slice(0, 200) || undefined;
    const after = cursors.decode(c.req.query('cursor'));
    const query = { tenantId, limit: PAGE_SIZE + 1, afterNumber: after?.number, search };
    const [rows, counts] = await Promise.all([people.list(actor, query), people.count(actor, tenantId)]);
    const shown = rows.slice(0, PAGE_SIZE);
    const last = rows.length > PAGE_SIZE ? shown.at(-1) : undefined;
    const lead = `${counts.all.toLocaleString('en')} extensions, ${counts.bound.toLocaleString('en')} of them from Google.`;
    return page(
      c,
      { title: 'Users', active: 'users' },
      <>
        <PageHead title="Users" lead={lead} />
        <UsersPage
          base={`/tenants/${tenantId}`}
          people={shown}
          counts={counts}
          search={search}
          nextCursor={last ? cursors.encode({ number: Number(last.extensionNumber) }) : null}
          isFirst={after === undefined}
        />
      </>,
    );
  });
