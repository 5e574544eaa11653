import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type ApiTokenPosition, apiTokenInputSchema, SCOPES } from '../../tenants/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema, toPageBody } from '../pagination.ts';
import { jsonAnswer, jsonBody, LEVELS, type Level, problems } from '../route-parts.ts';

const apiTokenSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().openapi({ description: 'How the token begins', example: 'pgw_Jx3kP0aQ' }),
    scopes: z.array(z.enum(SCOPES)),
    createdBy: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable().openapi({ description: 'Exact to the minute' }),
  })
  .openapi('ApiToken');

const newApiTokenSchema = apiTokenSchema
  .extend({ token: z.string().openapi({ description: 'Shown this once. Keep it in a safe place.' }) })
  .openapi('NewApiToken');

const tags = ['API tokens'];

const routesOf = ({ prefix, params, operationId }: Level) => ({
  list: createRoute({
    method: 'get',
    path: `${prefix}/api-tokens`,
    operationId: operationId('listApiTokens'),
    tags,
    summary: 'API tokens, newest first',
    middleware: requireActor('admin'),
    request: { params, query: pageQuerySchema },
    responses: {
      200: jsonAnswer('A page of tokens, without their secrets', pageSchema(apiTokenSchema)),
      ...problems(400),
    },
  }),
  create: createRoute({
    method: 'post',
    path: `${prefix}/api-tokens`,
    operationId: operationId('createApiToken'),
    tags,
    summary: 'Make an API token',
    middleware: requireActor('admin'),
    request: { params, body: jsonBody(apiTokenInputSchema) },
    responses: { 201: jsonAnswer('The token, this once', newApiTokenSchema), ...problems(400) },
  }),
  revoke: createRoute({
    method: 'delete',
    path: `${prefix}/api-tokens/{id}`,
    operationId: operationId('revokeApiToken'),
    tags,
    summary: 'End a token at once',
    middleware: requireActor('admin'),
    request: { params: params.extend({ id: z.uuid('Give the id of an API token.') }) },
    responses: { 204: { description: 'Ended' }, ...problems() },
  }),
});

export const apiTokenCursor = createCursor<ApiTokenPosition>(z.object({ createdAt: z.iso.datetime(), id: z.uuid() }));

export const createApiTokenRoutes = ({ apiTokens }: Pick<ApiDependencies, 'apiTokens'>) => {
  const app = new OpenAPIHono<AppEnv>();

  for (const level of LEVELS) {
    const routes = routesOf(level);

    app.openapi(routes.list, async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const page = await apiTokens.list(c.get('actor'), c.get('tenantId'), {
        after: apiTokenCursor.decode(cursor),
        limit,
      });
      return c.json(toPageBody(page, apiTokenCursor), 200);
    });

    app.openapi(routes.create, async (c) => {
      const { token, apiToken } = await apiTokens.create(c.get('actor'), c.get('tenantId'), c.req.valid('json'));
      return c.json({ ...apiToken, token }, 201);
    });

    app.openapi(routes.revoke, async (c) => {
      await apiTokens.revoke(c.get('actor'), c.get('tenantId'), c.req.valid('param').id);
      return c.body(null, 204);
    });
  }

  return app;
};
