import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { NUMBER_OWNERS } from '../../people/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { pageQuerySchema, pageSchema } from '../pagination.ts';
import { jsonAnswer, jsonBody, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';
import { extensionNumberSchema, numberCursor } from './users-schemas.ts';

const tags = ['Extension numbers'];
const ownerKinds = ['user', ...NUMBER_OWNERS] as const;

const numberSchema = z
  .object({
    number: z.string(),
    ownerKind: z.enum(ownerKinds),
    label: z.string().nullable().openapi({ description: 'What people call it; of a user, the name.' }),
    userId: z.uuid().nullable(),
  })
  .openapi('ExtensionNumber');

export const newNumberSchema = z
  .strictObject({
    number: extensionNumberSchema,
    ownerKind: z.enum(NUMBER_OWNERS, `Choose one of ${NUMBER_OWNERS.join(', ')}.`),
    label: z
      .string()
      .trim()
      .min(1, 'Give a label, or null for none.')
      .max(128, 'Use at most 128 characters.')
      .nullable()
      .optional(),
  })
  .openapi('NewExtensionNumber');

const listNumbers = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/extension-numbers',
  operationId: 'listExtensionNumbers',
  tags,
  summary: 'Every number that can be dialled in the built-in PBX, in ascending order',
  middleware: [requireActor('read')] as const,
  request: {
    params: tenantParams,
    query: pageQuerySchema.extend({
      q: z.string().max(200).optional().openapi({ description: 'Part of a number or a label.' }),
      ownerKind: z.enum(ownerKinds).optional(),
    }),
  },
  responses: { 200: jsonAnswer('A page of numbers', pageSchema(numberSchema)), ...problems(400) },
});

const addNumber = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/extension-numbers',
  operationId: 'addExtensionNumber',
  tags,
  summary: 'Take a number for something that is not a user; no sync gives it to one',
  middleware: [requireActor('admin')] as const,
  request: { params: tenantParams, body: jsonBody(newNumberSchema) },
  responses: { 201: jsonAnswer('The number', numberSchema), ...problems(400, 409) },
});

const removeNumber = createRoute({
  method: 'delete',
  path: '/tenants/{tenantId}/extension-numbers/{number}',
  operationId: 'removeExtensionNumber',
  tags,
  summary: 'Free a number; that of a user is freed by deleting the user',
  middleware: [requireActor('admin')] as const,
  request: {
    params: tenantParams.extend({
      number: extensionNumberSchema.openapi({ param: { name: 'number', in: 'path' } }),
    }),
  },
  responses: { 204: { description: 'It is free' }, ...problems(400, 409) },
});

/** Numbers of the built-in PBX over HTTP. */
export const createExtensionNumberRoutes = ({ extensionNumbers }: Pick<ApiDependencies, 'extensionNumbers'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(listNumbers, async (c) => {
    const { cursor, limit, q, ownerKind } = c.req.valid('query');
    const rows = await extensionNumbers.list(c.get('actor'), {
      tenantId: c.get('tenantId'),
      limit: limit + 1,
      afterNumber: numberCursor.decode(cursor)?.number,
      search: q,
      ...(ownerKind && { ownerKinds: [ownerKind] }),
    });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return c.json({ items, nextCursor: last ? numberCursor.encode({ number: Number(last.number) }) : null }, 200);
  });

  routes.openapi(addNumber, async (c) => {
    const { number, ownerKind, label } = c.req.valid('json');
    const request = { tenantId: c.get('tenantId'), number: Number(number), ownerKind, label: label ?? null };
    return c.json(await extensionNumbers.add(c.get('actor'), request), 201);
  });

  routes.openapi(removeNumber, async (c) => {
    await extensionNumbers.remove(c.get('actor'), c.get('tenantId'), Number(c.req.valid('param').number));
    return c.body(null, 204);
  });

  return routes;
};
