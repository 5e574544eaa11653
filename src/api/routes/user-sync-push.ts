import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { PUSH_EVENTS, type PushView } from '../../user-sync/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { jsonAnswer, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';

const pushSchema = z
  .object({
    state: z.enum(['on', 'unproven', 'starting', 'failing', 'not-possible']).openapi({
      description: '`unproven`: Google has opened the channels, but none of its messages has arrived yet.',
    }),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
    channels: z.array(
      z.object({ event: z.enum(PUSH_EVENTS), expiresAt: z.iso.datetime(), provenAt: z.iso.datetime().nullable() }),
    ),
  })
  .openapi('UserSyncPush');

const toPushBody = ({ state, problem, channels }: PushView): z.infer<typeof pushSchema> => ({
  state,
  problem,
  channels: channels.map(({ event, expiresAt, provenAt }) => ({
    event,
    expiresAt: expiresAt.toISOString(),
    provenAt: provenAt?.toISOString() ?? null,
  })),
});

const getPush = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/push',
  operationId: 'getUserSyncPush',
  tags: ['User sync'],
  description: 'Whether Google tells of changes as they happen, and why not. The sync works without, only later.',
  middleware: [requireActor('read')] as const,
  request: { params: tenantParams },
  responses: { 200: jsonAnswer('How it stands', pushSchema), ...problems() },
});

/** Whether changes arrive as they happen. */
export const createUserSyncPushRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  routes.openapi(getPush, async (c) =>
    c.json(toPushBody(await userSync.administration.readPush(c.get('actor'), c.get('tenantId'))), 200),
  );
  return routes;
};
