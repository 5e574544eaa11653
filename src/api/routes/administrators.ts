import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type AdministratorPosition, administratorInputSchema, passwordSchema } from '../../tenants/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema, toPageBody } from '../pagination.ts';
import { jsonAnswer, jsonBody, LEVELS, type Level, problems } from '../route-parts.ts';

const administratorSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    displayName: z.string(),
    createdAt: z.iso.datetime(),
    lastSignedInAt: z.iso.datetime().nullable(),
  })
  .openapi('Administrator');

const tags = ['Administrators'];
const id = z.object({ id: z.uuid('Give the id of an administrator.') });

const routesOf = ({ prefix, params, operationId }: Level) => ({
  list: createRoute({
    method: 'get',
    path: `${prefix}/administrators`,
    operationId: operationId('listAdministrators'),
    tags,
    summary: 'Administrators, oldest first',
    middleware: requireActor('read'),
    request: { params, query: pageQuerySchema },
    responses: { 200: jsonAnswer('A page of administrators', pageSchema(administratorSchema)), ...problems(400) },
  }),
  create: createRoute({
    method: 'post',
    path: `${prefix}/administrators`,
    operationId: operationId('createAdministrator'),
    tags,
    summary: 'Add an administrator who signs in with a password',
    middleware: requireActor('admin'),
    request: { params, body: jsonBody(administratorInputSchema) },
    responses: { 201: jsonAnswer('The new administrator', administratorSchema), ...problems(400, 409) },
  }),
  setPassword: createRoute({
    method: 'put',
    path: `${prefix}/administrators/{id}/password`,
    operationId: operationId('setAdministratorPassword'),
    tags,
    summary: 'Set a new password and end the administrator’s sessions',
    middleware: requireActor('admin'),
    request: { params: params.extend(id.shape), body: jsonBody(z.object({ password: passwordSchema })) },
    responses: { 204: { description: 'Set' }, ...problems(400) },
  }),
  remove: createRoute({
    method: 'delete',
    path: `${prefix}/administrators/{id}`,
    operationId: operationId('removeAdministrator'),
    tags,
    summary: 'Remove an administrator; the last one of the system stays',
    middleware: requireActor('admin'),
    request: { params: params.extend(id.shape) },
    responses: { 204: { description: 'Removed' }, ...problems(409) },
  }),
});

export const administratorCursor = createCursor<AdministratorPosition>(
  z.object({ createdAt: z.iso.datetime(), id: z.uuid() }),
);

export const createAdministratorRoutes = ({ administrators }: Pick<ApiDependencies, 'administrators'>) => {
  const app = new OpenAPIHono<AppEnv>();

  for (const level of LEVELS) {
    const routes = routesOf(level);

    app.openapi(routes.list, async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const page = await administrators.list(c.get('actor'), c.get('tenantId'), {
        after: administratorCursor.decode(cursor),
        limit,
      });
      return c.json(toPageBody(page, administratorCursor), 200);
    });

    app.openapi(routes.create, async (c) =>
      c.json(await administrators.create(c.get('actor'), c.get('tenantId'), c.req.valid('json')), 201),
    );

    app.openapi(routes.setPassword, async (c) => {
      const { password } = c.req.valid('json');
      await administrators.setPassword(c.get('actor'), c.get('tenantId'), c.req.valid('param').id, password);
      return c.body(null, 204);
    });

    app.openapi(routes.remove, async (c) => {
      await administrators.remove(c.get('actor'), c.get('tenantId'), c.req.valid('param').id);
      return c.body(null, 204);
    });
  }

  return app;
};
