import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { AuditPosition } from '../../tenants/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema, toPageBody } from '../pagination.ts';
import { jsonAnswer, LEVELS, type Level, problems } from '../route-parts.ts';

const auditEntrySchema = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actor: z.object({
      kind: z.enum(['administrator', 'api-token', 'bootstrap']),
      id: z.string(),
      name: z.string(),
    }),
    ip: z.string().nullable(),
    action: z.string().openapi({ example: 'api-token.created' }),
    target: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  })
  .openapi('AuditEntry');

const listRouteOf = ({ prefix, params, operationId }: Level) =>
  createRoute({
    method: 'get',
    path: `${prefix}/audit`,
    operationId: operationId('listAudit'),
    tags: ['Audit'],
    summary: 'Who did what, when and from where; newest first',
    middleware: requireActor('admin'),
    request: { params, query: pageQuerySchema },
    responses: { 200: jsonAnswer('A page of the record', pageSchema(auditEntrySchema)), ...problems(400) },
  });

export const auditCursor = createCursor<AuditPosition>(z.object({ seq: z.int() }));

export const createAuditRoutes = ({ auditLog }: Pick<ApiDependencies, 'auditLog'>) => {
  const app = new OpenAPIHono<AppEnv>();

  for (const level of LEVELS) {
    app.openapi(listRouteOf(level), async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const page = await auditLog.list(c.get('actor'), c.get('tenantId'), { after: auditCursor.decode(cursor), limit });
      return c.json(toPageBody(page, auditCursor), 200);
    });
  }

  return app;
};
