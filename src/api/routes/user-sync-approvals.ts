import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Approval } from '../../user-sync/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema } from '../pagination.ts';
import { jsonAnswer, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';
import { changeSchema, toChangeBody } from './user-sync-schemas.ts';

const BASE = '/tenants/{tenantId}/user-sync/approvals';
const tags = ['User sync'];
const approvalParams = tenantParams.extend({
  approvalId: z.uuid().openapi({ param: { name: 'approvalId', in: 'path' } }),
});
const approvalCursor = createCursor(z.object({ createdAt: z.coerce.date(), id: z.uuid() }));

/** The plan of an approval beyond these rows is at the run’s changes. */
const CHANGES_SHOWN = 500;

const stateSchema = z.enum(['pending', 'approved', 'applied', 'rejected', 'replaced']);
const time = z.iso.datetime();

const approvalSchema = z
  .object({
    id: z.uuid(),
    runId: z.uuid().openapi({ description: 'The run whose removals wait' }),
    state: stateSchema,
    reason: z.enum(['too-many', 'not-previewed']),
    removals: z.number().int(),
    done: z.number().int(),
    failed: z.number().int(),
    stale: z.number().int().openapi({ description: 'No longer to be removed when they were approved' }),
    createdAt: time,
    decidedAt: time.nullable(),
    decidedBy: z.string().nullable(),
    endedAt: time.nullable(),
  })
  .openapi('Approval');

const approvalWithPlanSchema = approvalSchema
  .extend({
    changes: z.array(changeSchema).openapi({
      description: `The first ${CHANGES_SHOWN} removals; all of them are among the changes of the run`,
    }),
  })
  .openapi('ApprovalWithPlan');

const toBody = (approval: Approval): z.infer<typeof approvalSchema> => ({
  id: approval.id,
  runId: approval.runId,
  state: approval.state,
  reason: approval.reason,
  removals: approval.removals,
  done: approval.done,
  failed: approval.failed,
  stale: approval.stale,
  createdAt: approval.createdAt.toISOString(),
  decidedAt: approval.decidedAt?.toISOString() ?? null,
  decidedBy: approval.decidedBy ?? null,
  endedAt: approval.endedAt?.toISOString() ?? null,
});

const listApprovals = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listUserSyncApprovals',
  tags,
  middleware: [requireActor('read')] as const,
  request: { params: tenantParams, query: pageQuerySchema.extend({ state: stateSchema.optional() }) },
  responses: {
    200: jsonAnswer('Removals that were held back, newest first', pageSchema(approvalSchema)),
    ...problems(400),
  },
});

const getApproval = createRoute({
  method: 'get',
  path: `${BASE}/{approvalId}`,
  operationId: 'getUserSyncApproval',
  tags,
  middleware: [requireActor('read')] as const,
  request: { params: approvalParams },
  responses: { 200: jsonAnswer('The approval with its plan', approvalWithPlanSchema), ...problems(400) },
});

const decisionRoute = (decision: 'approve' | 'reject', description: string) =>
  createRoute({
    method: 'post',
    path: `${BASE}/{approvalId}/${decision}`,
    operationId: `${decision}UserSyncRemovals`,
    tags,
    middleware: [requireActor('admin')] as const,
    request: { params: approvalParams },
    responses: { 202: jsonAnswer(description, approvalSchema), ...problems(400, 409, 503) },
  });

const approve = decisionRoute('approve', 'They are carried out, each looked at again first');
const reject = decisionRoute('reject', 'The people stay, now and in later runs, for as long as the reason is the same');

/** Removals that wait for an administrator, over HTTP. */
export const createUserSyncApprovalRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const { administration } = userSync;
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(listApprovals, async (c) => {
    const { cursor, limit, state } = c.req.valid('query');
    const query = { tenantId: c.get('tenantId'), limit: limit + 1, state, before: approvalCursor.decode(cursor) };
    const rows = await administration.listApprovals(c.get('actor'), query);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return c.json({ items: items.map(toBody), nextCursor: last ? approvalCursor.encode(last) : null }, 200);
  });

  routes.openapi(getApproval, async (c) => {
    const { approvalId } = c.req.valid('param');
    const actor = c.get('actor');
    const tenantId = c.get('tenantId');
    const approval = await administration.getApproval(actor, tenantId, approvalId);
    const query = { tenantId, runId: approval.runId, removals: true, limit: CHANGES_SHOWN };
    const changes = await administration.listChanges(actor, query);
    return c.json({ ...toBody(approval), changes: changes.map(toChangeBody) }, 200);
  });

  for (const [route, decision] of [
    [approve, 'approve'],
    [reject, 'reject'],
  ] as const) {
    routes.openapi(route, async (c) => {
      const key = { tenantId: c.get('tenantId'), id: c.req.valid('param').approvalId };
      await administration.decideApproval(c.get('actor'), { ...key, decision });
      return c.json(toBody(await administration.getApproval(c.get('actor'), key.tenantId, key.id)), 202);
    });
  }

  return routes;
};
