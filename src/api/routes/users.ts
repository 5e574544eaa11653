import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { pageQuerySchema, pageSchema } from '../pagination.ts';
import { jsonAnswer, jsonBody, problems, tenantParams } from '../route-parts.ts';
import { etagHeader, etagOf, expectedVersion, ifMatchSchema } from '../row-version.ts';
import { refuseInvalid } from '../validation.ts';
import {
  changedUserSchema,
  newUserSchema,
  numberCursor,
  toUserBody,
  userChangeSchema,
  userSchema,
} from './users-schemas.ts';

const tags = ['Users'];
const userParams = tenantParams.extend({ userId: z.uuid().openapi({ param: { name: 'userId', in: 'path' } }) });

const listUsers = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/users',
  operationId: 'listUsers',
  tags,
  middleware: [requireActor('read')] as const,
  request: {
    params: tenantParams,
    query: pageQuerySchema.extend({
      q: z.string().max(200).optional().openapi({ description: 'Part of a name, an e-mail address or a number.' }),
      enabled: z.enum(['true', 'false']).optional(),
      bound: z.enum(['true', 'false']).optional().openapi({ description: 'Whether they come from Google.' }),
    }),
  },
  responses: { 200: jsonAnswer('Users in the order of their numbers', pageSchema(userSchema)), ...problems(400) },
});

const getUser = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/users/{userId}',
  operationId: 'getUser',
  tags,
  middleware: [requireActor('read')] as const,
  request: { params: userParams },
  responses: { 200: { ...jsonAnswer('The user', userSchema), headers: etagHeader }, ...problems(400) },
});

const createUser = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/users',
  operationId: 'createUser',
  tags,
  middleware: [requireActor('admin')] as const,
  request: { params: tenantParams, body: jsonBody(newUserSchema) },
  responses: {
    201: { ...jsonAnswer('The user that was made', userSchema), headers: etagHeader },
    ...problems(400, 409),
  },
});

const changeUser = createRoute({
  method: 'patch',
  path: '/tenants/{tenantId}/users/{userId}',
  operationId: 'changeUser',
  tags,
  summary: 'Change a user; what is left out stays. Whom you disable, no sync enables again',
  middleware: [requireActor('admin')] as const,
  request: { params: userParams, headers: ifMatchSchema, body: jsonBody(userChangeSchema) },
  responses: {
    200: { ...jsonAnswer('The changed user', changedUserSchema), headers: etagHeader },
    ...problems(400, 412, 428),
  },
});

const deleteUser = createRoute({
  method: 'delete',
  path: '/tenants/{tenantId}/users/{userId}',
  operationId: 'deleteUser',
  tags,
  summary:
    'Delete a user for good; the number is free at once, or kept for its person of Google. With If-Match only as it was looked at',
  middleware: [requireActor('admin')] as const,
  request: { params: userParams, headers: ifMatchSchema },
  responses: { 204: { description: 'Gone' }, ...problems(400, 412) },
});

/** Only what was sent. */
const withoutGaps = <Body extends object>(body: Body) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Body]?: Exclude<Body[Key], undefined>;
  };

/** Extension users over HTTP. */
export const createUsersRoutes = ({ people }: Pick<ApiDependencies, 'people'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(listUsers, async (c) => {
    const { cursor, limit, q, enabled, bound } = c.req.valid('query');
    const rows = await people.list(c.get('actor'), {
      tenantId: c.get('tenantId'),
      limit: limit + 1,
      afterNumber: numberCursor.decode(cursor)?.number,
      search: q,
      ...(enabled && { enabled: enabled === 'true' }),
      ...(bound && { bound: bound === 'true' }),
    });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? numberCursor.encode({ number: Number(last.extensionNumber) }) : null;
    return c.json({ items: items.map(toUserBody), nextCursor }, 200);
  });

  routes.openapi(getUser, async (c) => {
    const person = await people.get(c.get('actor'), c.get('tenantId'), c.req.valid('param').userId);
    return c.json(toUserBody(person), 200, { ETag: etagOf(person.revision) });
  });

  routes.openapi(createUser, async (c) => {
    const { extensionNumber, ...body } = c.req.valid('json');
    const person = await people.create(c.get('actor'), {
      ...withoutGaps(body),
      tenantId: c.get('tenantId'),
      displayName: body.displayName,
      extensionNumber: Number(extensionNumber),
    });
    return c.json(toUserBody(person), 201, { ETag: etagOf(person.revision) });
  });

  routes.openapi(changeUser, async (c) => {
    const { enabled, ...body } = c.req.valid('json');
    const { person, overwrittenBySync } = await people.change(c.get('actor'), {
      tenantId: c.get('tenantId'),
      userId: c.req.valid('param').userId,
      expectedRevision: expectedVersion(c),
      fields: withoutGaps(body),
      enabled,
    });
    const answer = { ...toUserBody(person), overwrittenBySync: [...overwrittenBySync] };
    return c.json(answer, 200, { ETag: etagOf(person.revision) });
  });

  routes.openapi(deleteUser, async (c) => {
    const { userId } = c.req.valid('param');
    const looked = c.req.header('if-match') ? expectedVersion(c) : undefined;
    await people.remove(c.get('actor'), c.get('tenantId'), userId, looked);
    return c.body(null, 204);
  });

  return routes;
};
