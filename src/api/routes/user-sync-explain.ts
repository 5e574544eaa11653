import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type Explanation, PLAN_ACTIONS, PLAN_REASONS } from '../../user-sync/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { jsonAnswer, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';

const time = z.iso.datetime();

const explanationSchema = z
  .object({
    googleId: z.string().nullable(),
    email: z.string().nullable(),
    displayName: z.string().nullable(),
    orgUnitPath: z.string().nullable(),
    suspended: z.boolean().nullable(),
    archived: z.boolean().nullable(),
    listed: z.boolean().openapi({ description: 'The newest complete reading of Google holds the person' }),
    inScope: z.boolean().nullable(),
    readAt: time.nullable().openapi({ description: 'When everybody was read last' }),
    userId: z.uuid().nullable(),
    enabled: z.boolean().nullable(),
    disabledBy: z.enum(['sync', 'administrator']).nullable(),
    verdict: z
      .object({ action: z.enum(['none', ...PLAN_ACTIONS]), reason: z.enum(PLAN_REASONS).nullable() })
      .openapi({ description: 'What a sync would do now' }),
    number: z
      .object({
        extensionNumber: z.string(),
        from: z.enum(['first-free', 'kept-for-return', 'existing-extension', 'bound-by-hand', 'unknown']),
        runId: z.uuid().nullable(),
        since: time.nullable(),
      })
      .nullable(),
    photoTrouble: z
      .object({ code: z.string(), message: z.string(), retryAt: time })
      .nullable()
      .openapi({ description: 'Why the photo could not be fetched the last time, and when it is tried again' }),
    history: z.array(
      z.object({
        runId: z.uuid(),
        trigger: z.enum(['manual', 'schedule', 'push', 'one-user']),
        requestedBy: z.string().nullable(),
        action: z.string(),
        status: z.string(),
        reason: z.string(),
        extensionNumber: z.string().nullable(),
        before: z.record(z.string(), z.unknown()).nullable(),
        after: z.record(z.string(), z.unknown()).nullable(),
        errorCode: z.string().nullable(),
        errorMessage: z.string().nullable(),
        at: time,
      }),
    ),
  })
  .openapi('Explanation');

const text = (value: number | null): string | null => (value === null ? null : String(value));

const toBody = ({
  profile,
  number,
  photoTrouble,
  history,
  readAt,
  ...rest
}: Explanation): z.infer<typeof explanationSchema> => ({
  ...rest,
  email: profile?.email ?? null,
  displayName: profile?.displayName ?? null,
  orgUnitPath: profile?.orgUnitPath ?? null,
  suspended: profile?.suspended ?? null,
  archived: profile?.archived ?? null,
  readAt: readAt?.toISOString() ?? null,
  number: number && {
    ...number,
    extensionNumber: String(number.extensionNumber),
    since: number.since?.toISOString() ?? null,
  },
  photoTrouble: photoTrouble && { ...photoTrouble, retryAt: photoTrouble.retryAt.toISOString() },
  history: history.map((entry) => ({
    ...entry,
    extensionNumber: text(entry.extensionNumber),
    at: entry.at.toISOString(),
  })),
});

const explain = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/explain',
  operationId: 'explainUserSync',
  tags: ['User sync'],
  middleware: [requireActor('read')] as const,
  request: {
    params: tenantParams,
    query: z.object({
      user: z
        .string('Give a Google id, an e-mail address or an extension number.')
        .trim()
        .min(1, 'Give a Google id, an e-mail address or an extension number.')
        .max(254)
        .openapi({ description: 'A Google id, an e-mail address or an extension number' }),
    }),
  },
  responses: {
    200: jsonAnswer('Why somebody is synchronized or not, why this number, and the history', explanationSchema),
    ...problems(400),
  },
});

/** One person explained, over HTTP. */
export const createUserSyncExplainRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  routes.openapi(explain, async (c) => {
    const query = { tenantId: c.get('tenantId'), user: c.req.valid('query').user };
    return c.json(toBody(await userSync.administration.explain(c.get('actor'), query)), 200);
  });
  return routes;
};
