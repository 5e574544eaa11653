import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { jsonAnswer, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';

/** A Google id, which is a number of many digits, or an e-mail address. */
export const personSchema = z
  .string()
  .trim()
  .max(254)
  .refine((text) => /^\d{6,32}$/.test(text) || z.email().safeParse(text).success, {
    message: 'Give an e-mail address such as ada@example.com, or a Google id.',
  });

const syncPerson = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/user-sync/users/{person}',
  operationId: 'syncOnePerson',
  tags: ['User sync'],
  description:
    'Reads this person from Google now and brings what changed to the PBX, without reading everybody. It waits for its ' +
    'turn while a sync runs. Whom Google does not tell of is left to the next sync of everybody.',
  middleware: [requireActor('admin')] as const,
  request: {
    params: tenantParams.extend({
      person: personSchema.openapi({
        param: { name: 'person', in: 'path' },
        description: 'Google id or e-mail address',
        example: 'ada@example.com',
      }),
    }),
  },
  responses: {
    200: jsonAnswer('A run that had not begun yet takes the person along; this is it', z.object({ id: z.uuid() })),
    202: jsonAnswer('The run that was made for the person', z.object({ id: z.uuid() })),
    ...problems(400, 409, 503),
  },
});

/** One person at once. */
export const createUserSyncPeopleRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(syncPerson, async (c) => {
    const { person } = c.req.valid('param');
    const { runId, joined } = await userSync.administration.syncPerson(c.get('actor'), c.get('tenantId'), person);
    return c.json({ id: runId }, joined ? 200 : 202);
  });

  return routes;
};
