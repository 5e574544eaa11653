import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type TenantPosition, tenantChangeSchema, tenantInputSchema } from '../../tenants/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema, toPageBody } from '../pagination.ts';
import { jsonAnswer, jsonBody, problems, tenantParams } from '../route-parts.ts';
import { etagHeader, etagOf, expectedVersion, ifMatchSchema } from '../row-version.ts';

const tenantSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    sipDomain: z.string(),
    timeZone: z.string().openapi({ example: 'Europe/Berlin' }),
    firstExtension: z.int().openapi({ example: 1000 }),
    extensionLimit: z
      .int()
      .nullable()
      .openapi({ description: 'How many extension users the licence allows; null: as many as wanted' }),
    state: z.enum(['active', 'deleting']),
    version: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Tenant');

const tenantAnswer = (description: string) => ({ ...jsonAnswer(description, tenantSchema), headers: etagHeader });

const tags = ['Tenants'];

const listRoute = createRoute({
  method: 'get',
  path: '/tenants',
  operationId: 'listTenants',
  tags,
  summary: 'Tenants by name',
  middleware: requireActor('read'),
  request: {
    query: pageQuerySchema.extend({
      q: z.string().max(200).optional().openapi({ description: 'Part of the name or of the SIP domain' }),
    }),
  },
  responses: { 200: jsonAnswer('A page of tenants', pageSchema(tenantSchema)), ...problems(400) },
});

const createTenantRoute = createRoute({
  method: 'post',
  path: '/tenants',
  operationId: 'createTenant',
  tags,
  summary: 'Add a tenant',
  middleware: requireActor('admin'),
  request: { body: jsonBody(tenantInputSchema) },
  responses: { 201: tenantAnswer('The new tenant'), ...problems(400, 409) },
});

const getRoute = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}',
  operationId: 'getTenant',
  tags,
  summary: 'One tenant',
  middleware: requireActor('read', { evenWhileDeleting: true }),
  request: { params: tenantParams },
  responses: { 200: tenantAnswer('The tenant'), ...problems() },
});

const changeRoute = createRoute({
  method: 'patch',
  path: '/tenants/{tenantId}',
  operationId: 'changeTenant',
  tags,
  summary: 'Change a tenant; for the system’s administrators',
  middleware: requireActor('admin'),
  request: { params: tenantParams, headers: ifMatchSchema, body: jsonBody(tenantChangeSchema) },
  responses: { 200: tenantAnswer('The changed tenant'), ...problems(400, 409, 412, 428) },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: '/tenants/{tenantId}',
  operationId: 'deleteTenant',
  tags,
  summary: 'Delete a tenant with all that is its own; call again to go on after a failure',
  middleware: requireActor('admin', { evenWhileDeleting: true }),
  request: { params: tenantParams },
  responses: { 204: { description: 'Nothing of it is left' }, ...problems(503) },
});

export const tenantCursor = createCursor<TenantPosition>(z.object({ name: z.string(), id: z.uuid() }));

export const createTenantRoutes = ({ tenants }: Pick<ApiDependencies, 'tenants'>) => {
  const app = new OpenAPIHono<AppEnv>();

  app.openapi(listRoute, async (c) => {
    const { cursor, limit, q } = c.req.valid('query');
    const page = await tenants.list(c.get('actor'), { after: tenantCursor.decode(cursor), limit, search: q });
    return c.json(toPageBody(page, tenantCursor), 200);
  });

  app.openapi(createTenantRoute, async (c) => {
    const tenant = await tenants.create(c.get('actor'), c.req.valid('json'));
    c.header('Location', `/api/v1/tenants/${tenant.id}`);
    c.header('ETag', etagOf(tenant.version));
    return c.json(tenant, 201);
  });

  app.openapi(getRoute, async (c) => {
    const tenant = await tenants.get(c.get('actor'), c.get('tenantId'));
    c.header('ETag', etagOf(tenant.version));
    return c.json(tenant, 200);
  });

  app.openapi(changeRoute, async (c) => {
    const change = c.req.valid('json');
    const tenant = await tenants.update(c.get('actor'), c.get('tenantId'), change, expectedVersion(c));
    c.header('ETag', etagOf(tenant.version));
    return c.json(tenant, 200);
  });

  app.openapi(deleteRoute, async (c) => {
    await tenants.remove(c.get('actor'), c.get('tenantId'));
    return c.body(null, 204);
  });

  return app;
};
