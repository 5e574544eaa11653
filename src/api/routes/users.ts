import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Person } from '../../people/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema } from '../pagination.ts';
import { jsonAnswer, jsonBody, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';

const tags = ['Users'];
const userParams = tenantParams.extend({ userId: z.uuid().openapi({ param: { name: 'userId', in: 'path' } }) });
const numberCursor = createCursor(z.object({ number: z.number().int() }));

const phone = z.object({ type: z.string().max(32), value: z.string().min(1).max(32) });
const name = z.string().trim().min(1).max(64);

const userSchema = z
  .object({
    id: z.uuid(),
    extensionNumber: z.string(),
    displayName: z.string(),
    email: z.string().nullable(),
    givenName: z.string().nullable(),
    familyName: z.string().nullable(),
    phones: z.array(phone),
    department: z.string().nullable(),
    title: z.string().nullable(),
    enabled: z.boolean(),
    disabledBy: z.enum(['sync', 'administrator']).nullable(),
    googleId: z.string().nullable().openapi({ description: 'The Google user this extension is bound to.' }),
    boundBy: z.enum(['created', 'linked', 'hand']).nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('User');

const newUserSchema = z
  .strictObject({
    displayName: z.string().trim().min(1, 'Give a name.').max(128),
    extensionNumber: z.string().regex(/^[1-9]\d{2,12}$/, 'Use 3 to 13 digits with no leading zero.'),
    email: z.email('Give an e-mail address such as ada@example.com.').max(254).nullable().optional(),
    givenName: name.nullable().optional(),
    familyName: name.nullable().optional(),
    phones: z.array(phone).max(10).optional(),
    department: z.string().trim().min(1).max(128).nullable().optional(),
    title: z.string().trim().min(1).max(128).nullable().optional(),
  })
  .openapi('NewUser');

const toBody = ({ revision: _, phones, ...person }: Person): z.infer<typeof userSchema> => ({
  ...person,
  phones: [...phones],
});

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
  responses: { 200: jsonAnswer('The user', userSchema), ...problems(400) },
});

const createUser = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/users',
  operationId: 'createUser',
  tags,
  middleware: [requireActor('admin')] as const,
  request: { params: tenantParams, body: jsonBody(newUserSchema) },
  responses: { 201: jsonAnswer('The user that was made', userSchema), ...problems(400) },
});

/** Extension users over HTTP. */
export const createUsersRoutes = ({ people }: Pick<ApiDependencies, 'people'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(listUsers, async (c) => {
    const { cursor, limit, q, enabled } = c.req.valid('query');
    const rows = await people.list(c.get('actor'), {
      tenantId: c.get('tenantId'),
      limit: limit + 1,
      afterNumber: numberCursor.decode(cursor)?.number,
      search: q,
      ...(enabled && { enabled: enabled === 'true' }),
    });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? numberCursor.encode({ number: Number(last.extensionNumber) }) : null;
    return c.json({ items: items.map(toBody), nextCursor }, 200);
  });

  routes.openapi(getUser, async (c) =>
    c.json(toBody(await people.get(c.get('actor'), c.get('tenantId'), c.req.valid('param').userId)), 200),
  );

  routes.openapi(createUser, async (c) => {
    const { extensionNumber, ...body } = c.req.valid('json');
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    const person = await people.create(c.get('actor'), {
      ...given,
      tenantId: c.get('tenantId'),
      displayName: body.displayName,
      extensionNumber: Number(extensionNumber),
    });
    return c.json(toBody(person), 201);
  });

  return routes;
};
