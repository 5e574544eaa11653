import { Hono } from 'hono';
import { z } from 'zod';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppEnv } from '../../environment.ts';
import { requireActor } from '../../middleware/require-actor.ts';
import { numberCursor } from '../../routes/users-schemas.ts';
import { page } from '../page.tsx';
import { UsersPage } from '../pages/users.tsx';

const PAGE_SIZE = 50;

const filterSchema = z.object({
  q: z.string().trim().min(1).max(200).optional().catch(undefined),
  state: z.enum(['enabled', 'disabled']).optional().catch(undefined),
  from: z.enum(['google', 'hand']).optional().catch(undefined),
});

/** The list of users. */
export const createUsersPages = ({ people }: Pick<ApiDependencies, 'people'>): Hono<AppEnv> =>
  new Hono<AppEnv>().get('/tenants/:tenantId/users', requireActor('read'), async (c) => {
    const tenantId = c.get('tenantId');
    const actor = c.get('actor');
    const filter = filterSchema.parse(c.req.query());
    const after = numberCursor.decode(c.req.query('cursor'));
    const query = {
      ...{ tenantId, limit: PAGE_SIZE + 1, afterNumber: after?.number, search: filter.q },
      ...(filter.state && { enabled: filter.state === 'enabled' }),
      ...(filter.from && { bound: filter.from === 'google' }),
    };
    const [rows, counts] = await Promise.all([people.list(actor, query), people.count(actor, tenantId)]);
    const shown = rows.slice(0, PAGE_SIZE);
    const last = rows.length > PAGE_SIZE ? shown.at(-1) : undefined;
    return page(
      c,
      { title: 'Users', active: 'users' },
      <UsersPage
        base={`/tenants/${tenantId}`}
        people={shown}
        counts={counts}
        filter={filter}
        nextCursor={last ? numberCursor.encode({ number: Number(last.extensionNumber) }) : null}
        isFirst={after === undefined}
      />,
    );
  });
