import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type BindingRow, MOST_MATCHES } from '../../user-sync/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema } from '../pagination.ts';
import { jsonAnswer, jsonBody, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';

const PATH = '/tenants/{tenantId}/user-sync/bindings';
const tags = ['User sync'];

/** A Google id: a number of many digits. */
export const googleIdSchema = z
  .string()
  .trim()
  .regex(/^\d{1,32}$/, 'Give a Google id, which is a number. The search of the directory tells it.');

const bindingSchema = z
  .object({
    googleId: z.string(),
    googleEmail: z.string().nullable(),
    googleName: z.string().nullable(),
    suspended: z.boolean(),
    userId: z.uuid(),
    extensionNumber: z.string(),
    displayName: z.string(),
    enabled: z.boolean(),
    origin: z
      .enum(['created', 'linked', 'hand'])
      .openapi({ description: 'Made by a sync, linked by a sync to what was there, or made by hand.' }),
    since: z.iso.datetime(),
  })
  .openapi('Binding');

const pairSchema = z.strictObject({ googleId: googleIdSchema, userId: z.uuid('Give the id of an extension user.') });

const personSchema = { googleId: z.string(), email: z.string(), name: z.string() };
const matchesSchema = z
  .object({
    proposals: z.array(
      z.object({ ...personSchema, userId: z.uuid(), extensionNumber: z.string(), displayName: z.string() }),
    ),
    conflicts: z.array(z.object({ ...personSchema, reason: z.string() })),
    more: z.boolean().openapi({ description: 'There were more than fit: save these, then match again.' }),
    saved: z.array(z.string()).openapi({ description: 'Google ids that were bound by this request.' }),
  })
  .openapi('BindingMatches');

const listBindings = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'listBindings',
  tags,
  middleware: [requireActor('read')] as const,
  request: {
    params: tenantParams,
    query: pageQuerySchema.extend({
      q: z.string().max(200).optional().openapi({ description: 'Part of a name, an e-mail address or a number.' }),
    }),
  },
  responses: { 200: jsonAnswer('In the order of the extension numbers', pageSchema(bindingSchema)), ...problems(400) },
});

const addBinding = createRoute({
  method: 'post',
  path: PATH,
  operationId: 'addBinding',
  tags,
  description:
    'Binds somebody of the Google directory to an extension that is there. The next sync writes the details of the ' +
    'person to it. A binding made by hand wins over matching by e-mail.',
  middleware: [requireActor('admin')] as const,
  request: { params: tenantParams, body: jsonBody(pairSchema) },
  responses: { 201: jsonAnswer('The binding', bindingSchema), ...problems(400, 409, 503) },
});

const deleteBinding = createRoute({
  method: 'delete',
  path: `${PATH}/{googleId}`,
  operationId: 'deleteBinding',
  tags,
  description:
    'The extension stays as it is. While the person is in the scope, a sync may link or make an extension again.',
  middleware: [requireActor('admin')] as const,
  request: {
    params: tenantParams.extend({ googleId: z.string().openapi({ param: { name: 'googleId', in: 'path' } }) }),
  },
  responses: { 204: { description: 'The person and the extension are apart' }, ...problems(400) },
});

const matchBindings = createRoute({
  method: 'post',
  path: `${PATH}/match`,
  operationId: 'matchBindings',
  tags,
  description:
    'Match Google and PBX users based on e-mail. Without `save` it proposes and changes nothing; with it, it binds ' +
    'exactly those pairs, as far as both are free and share their address, and proposes what is left.',
  middleware: [requireActor('admin')] as const,
  request: {
    params: tenantParams,
    body: {
      required: false,
      content: {
        'application/json': {
          schema: z.strictObject({
            save: z.array(pairSchema).max(MOST_MATCHES, `Save at most ${MOST_MATCHES} at once.`).optional(),
          }),
        },
      },
    },
  },
  responses: { 200: jsonAnswer('Proposals and conflicts', matchesSchema), ...problems(400, 409) },
});

const toBody = (row: BindingRow): z.infer<typeof bindingSchema> => ({
  googleId: row.google_id,
  googleEmail: row.google_email,
  googleName: row.google_name,
  suspended: row.suspended,
  userId: row.user_id,
  extensionNumber: row.extension_number,
  displayName: row.display_name,
  enabled: row.enabled,
  origin: row.origin,
  since: row.since,
});

export const bindingCursor = createCursor(z.object({ number: z.number().int() }));

/** Who has which extension: the table that an administrator keeps by hand. */
export const createUserSyncBindingRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const { bindings } = userSync;
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(listBindings, async (c) => {
    const { cursor, limit, q } = c.req.valid('query');
    const query = { tenantId: c.get('tenantId'), afterNumber: bindingCursor.decode(cursor)?.number, search: q };
    const rows = await bindings.list(c.get('actor'), { ...query, limit: limit + 1 });
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? bindingCursor.encode({ number: Number(last.extension_number) }) : null;
    return c.json({ items: items.map(toBody), nextCursor }, 200);
  });

  routes.openapi(addBinding, async (c) => {
    const request = { tenantId: c.get('tenantId'), ...c.req.valid('json'), signal: c.req.raw.signal };
    return c.json(toBody(await bindings.add(c.get('actor'), request)), 201);
  });

  routes.openapi(deleteBinding, async (c) => {
    await bindings.remove(c.get('actor'), c.get('tenantId'), c.req.valid('param').googleId);
    return c.body(null, 204);
  });

  routes.openapi(matchBindings, async (c) => {
    const { save = [] } = c.req.valid('json') ?? {};
    const actor = c.get('actor');
    const tenantId = c.get('tenantId');
    const saved = save.length > 0 ? await bindings.saveMatches(actor, tenantId, save) : [];
    const { proposals, conflicts, more } = await bindings.match(actor, tenantId);
    return c.json({ proposals: [...proposals], conflicts: [...conflicts], more, saved: [...saved] }, 200);
  });

  return routes;
};
