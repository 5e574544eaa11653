import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { jsonAnswer, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';

const hitSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('person'),
      googleId: z.string(),
      email: z.string(),
      name: z.string(),
      suspended: z.boolean(),
      boundTo: z.object({ userId: z.uuid(), extensionNumber: z.string() }).nullable(),
    }),
    z.object({ kind: z.literal('group'), email: z.string(), name: z.string() }),
    z.object({ kind: z.literal('orgUnit'), path: z.string(), name: z.string() }),
    z.object({ kind: z.literal('domain'), domain: z.string(), people: z.int() }),
  ])
  .openapi('DirectoryHit');
type Hit = z.infer<typeof hitSchema>;

export const searchText = z.string().trim().min(2, 'Type two letters or more.').max(100, 'Type at most 100 letters.');

const searchDirectory = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/directory',
  operationId: 'searchDirectory',
  tags: ['User sync'],
  description:
    'Searches the Google directory for what a scope or a binding can name: people and groups by the beginning of a name ' +
    'or an address; units by a part of their path; domains among the people that were read so far. At most 20 hits.',
  middleware: [requireActor('read')] as const,
  request: {
    params: tenantParams,
    query: z.object({
      q: searchText,
      kind: z.enum(['person', 'group', 'orgUnit', 'domain']).default('person'),
    }),
  },
  responses: {
    200: jsonAnswer('What was found', z.object({ items: z.array(hitSchema) })),
    ...problems(400, 409, 503),
  },
});

/** The Google directory, for pickers. */
export const createUserSyncDirectoryRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const { lookup } = userSync;
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(searchDirectory, async (c) => {
    const { q, kind } = c.req.valid('query');
    const actor = c.get('actor');
    const query = { tenantId: c.get('tenantId'), text: q, signal: c.req.raw.signal };
    const find = async (): Promise<Hit[]> => {
      switch (kind) {
        case 'person':
          return (await lookup.people(actor, query)).map((person) => ({ kind, ...person }));
        case 'group':
          return (await lookup.groups(actor, query)).map((group) => ({ kind, ...group }));
        case 'orgUnit':
          return (await lookup.orgUnits(actor, query)).map((unit) => ({ kind, ...unit }));
        case 'domain':
          return (await lookup.domains(actor, query)).map((domain) => ({ kind, ...domain }));
      }
    };
    return c.json({ items: await find() }, 200);
  });

  return routes;
};
