import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ScheduleStatus } from '../../user-sync/index.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { jsonAnswer, problems, tenantParams } from '../route-parts.ts';
import { refuseInvalid } from '../validation.ts';
import { runSchema, scheduleSchema, toRunBody } from './user-sync-schemas.ts';

const time = z.iso.datetime();

const tickSchema = z.object({
  scheduledFor: time,
  takenAt: time,
  outcome: z.enum(['skipped', 'refused']).openapi({ description: 'Refused wants somebody to act; skipped does not.' }),
  runId: z.uuid().nullable().openapi({ description: 'The run that was in the way.' }),
  code: z.string(),
  message: z.string(),
});

const statusSchema = z
  .object({
    state: z.enum(['running', 'paused', 'off']),
    reason: z.enum(['mode-not-chosen', 'manual-mode', 'paused', 'not-connected']).nullable(),
    schedule: scheduleSchema,
    timeZone: z.string().openapi({ description: 'The one that the times of the schedule are read in.' }),
    nextRuns: z.array(time).nullable().openapi({ description: 'Null while the workflow service does not answer.' }),
    lastRun: runSchema.nullable().openapi({ description: 'The newest run that the schedule started.' }),
    skipped: z.array(tickSchema).openapi({ description: 'The last ten times that started no run, newest first.' }),
    missed: z.number().int().nullable().openapi({
      description: 'Times that went by before anybody took them: a worker or the workflow service was away.',
    }),
  })
  .openapi('UserSyncSchedule');

const toBody = (status: ScheduleStatus): z.infer<typeof statusSchema> => ({
  ...status,
  schedule: { ...status.schedule },
  nextRuns: status.nextRuns?.map((at) => at.toISOString()) ?? null,
  lastRun: status.lastRun && toRunBody(status.lastRun),
  skipped: status.skipped.map((tick) => ({
    scheduledFor: tick.scheduledFor.toISOString(),
    takenAt: tick.takenAt.toISOString(),
    outcome: tick.outcome === 'refused' ? 'refused' : 'skipped',
    runId: tick.runId ?? null,
    code: tick.code ?? '',
    message: tick.message ?? '',
  })),
});

const getSchedule = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/schedule',
  operationId: 'getUserSyncSchedule',
  tags: ['User sync'],
  middleware: [requireActor('read')] as const,
  request: { params: tenantParams },
  responses: { 200: jsonAnswer('What runs by itself, and what did not', statusSchema), ...problems() },
});

/** What a tenant's schedule did, left out and does next. It is changed, paused and resumed by the settings. */
export const createUserSyncScheduleRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });
  routes.openapi(getSchedule, async (c) =>
    c.json(toBody(await userSync.administration.readSchedule(c.get('actor'), c.get('tenantId'))), 200),
  );
  return routes;
};
