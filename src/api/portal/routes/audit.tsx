import { Hono } from 'hono';
import type { ApiDependencies } from '../../dependencies.ts';
import type { AppEnv } from '../../environment.ts';
import { toPageBody } from '../../pagination.ts';
import { auditCursor } from '../../routes/audit.ts';
import { LEVEL_PATHS, levelOf } from '../level.ts';
import { listQuery } from '../list-query.ts';
import { page } from '../page.tsx';
import { AuditPage } from '../pages/audit.tsx';
import { requireAdministrator } from '../require-administrator.ts';

/** The audit log of either level. */
export const createAuditPages = ({ auditLog }: Pick<ApiDependencies, 'auditLog'>) => {
  const routes = new Hono<AppEnv>();

  for (const level of LEVEL_PATHS) {
    routes.get(`${level}/audit`, requireAdministrator(), async (c) => {
      const { base, name, timeZone } = levelOf(c);
      const { isFirst, ...query } = listQuery(c, auditCursor);
      const found = await auditLog.list(c.get('actor'), c.get('tenantId'), query);
      const { items, nextCursor } = toPageBody(found, auditCursor);
      return page(
        c,
        { title: 'Audit log', active: 'audit' },
        <AuditPage
          base={base}
          levelName={name}
          entries={items}
          timeZone={timeZone}
          nextCursor={nextCursor}
          isFirst={isFirst}
        />,
      );
    });
  }

  return routes;
};
