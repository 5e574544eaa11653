import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { stream, streamSSE } from 'hono/streaming';
import { changesAsCsv } from '../changes-csv.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { requireActor } from '../middleware/require-actor.ts';
import { createCursor, pageQuerySchema, pageSchema } from '../pagination.ts';
import { jsonAnswer, jsonBody, problems, tenantParams } from '../route-parts.ts';
import { etagHeader, etagOf, expectedVersion, ifMatchSchema } from '../row-version.ts';
import { followRun } from '../run-progress.ts';
import { refuseInvalid } from '../validation.ts';
import {
  actionSchema,
  changeSchema,
  runSchema,
  settingsChangeSchema,
  settingsSchema,
  statusSchema,
  toChangeBody,
  toRunBody,
  toSettingsBody,
  toSettingsChange,
} from './user-sync-schemas.ts';

const runParams = tenantParams.extend({ runId: z.uuid().openapi({ param: { name: 'runId', in: 'path' } }) });
const tags = ['User sync'];

export const runCursor = createCursor(z.object({ createdAt: z.coerce.date(), id: z.uuid() }));
const changeCursor = createCursor(z.object({ seq: z.number().int() }));

const getSettings = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync',
  operationId: 'getUserSync',
  tags,
  middleware: [requireActor('read')] as const,
  request: { params: tenantParams },
  responses: { 200: { ...jsonAnswer('The settings', settingsSchema), headers: etagHeader }, ...problems() },
});

const putSettings = createRoute({
  method: 'put',
  path: '/tenants/{tenantId}/user-sync',
  operationId: 'saveUserSync',
  tags,
  middleware: [requireActor('admin')] as const,
  request: { params: tenantParams, headers: ifMatchSchema, body: jsonBody(settingsChangeSchema) },
  responses: {
    200: { ...jsonAnswer('The settings as saved', settingsSchema), headers: etagHeader },
    ...problems(400, 409, 412, 428),
  },
});

const startRun = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/user-sync/runs',
  operationId: 'startUserSyncRun',
  tags,
  middleware: [requireActor('admin')] as const,
  request: {
    params: tenantParams,
    body: {
      required: false,
      content: {
        'application/json': {
          schema: z.strictObject({
            dryRun: z.boolean().optional().openapi({ description: 'Preview: stop after the plan.' }),
            applyPlanOf: z.uuid().optional().openapi({ description: 'Apply the plan of this preview, exactly.' }),
          }),
        },
      },
    },
  },
  responses: {
    200: jsonAnswer('A run of this kind was active already; this is it', z.object({ id: z.uuid() })),
    202: jsonAnswer('The run that was started', z.object({ id: z.uuid() })),
    ...problems(400, 409, 503),
  },
});

const listRuns = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/runs',
  operationId: 'listUserSyncRuns',
  tags,
  middleware: [requireActor('read')] as const,
  request: { params: tenantParams, query: pageQuerySchema },
  responses: { 200: jsonAnswer('Runs, newest first', pageSchema(runSchema)), ...problems(400) },
});

const getRun = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/runs/{runId}',
  operationId: 'getUserSyncRun',
  tags,
  middleware: [requireActor('read')] as const,
  request: { params: runParams },
  responses: { 200: jsonAnswer('The run', runSchema), ...problems(400) },
});

const cancelRun = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/user-sync/runs/{runId}/cancel',
  operationId: 'cancelUserSyncRun',
  tags,
  middleware: [requireActor('admin')] as const,
  request: { params: runParams },
  responses: { 202: jsonAnswer('It ends at its next checkpoint', runSchema), ...problems(400, 503) },
});

const listChanges = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/runs/{runId}/changes',
  operationId: 'listUserSyncChanges',
  tags,
  middleware: [requireActor('read')] as const,
  request: {
    params: runParams,
    query: pageQuerySchema.extend({
      action: actionSchema.optional(),
      status: statusSchema.optional(),
      q: z.string().max(200).optional().openapi({ description: 'Part of a name or an e-mail address.' }),
    }),
  },
  responses: {
    200: {
      description: 'Rows of the plan; all that match, when asked for as CSV',
      content: { 'application/json': { schema: pageSchema(changeSchema) }, 'text/csv': { schema: z.string() } },
    },
    ...problems(400),
  },
});

const runEvents = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/user-sync/runs/{runId}/events',
  operationId: 'followUserSyncRun',
  tags,
  middleware: [requireActor('read')] as const,
  request: { params: runParams },
  responses: {
    200: {
      description: 'Server-Sent Events: `run` with the run each time it moved, the last one with its end',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problems(400),
  },
});

/** User sync over HTTP: settings, runs, plans, live progress. */
export const createUserSyncRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) => {
  const { administration } = userSync;
  const routes = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  routes.openapi(getSettings, async (c) => {
    const settings = await administration.readSettings(c.get('actor'), c.get('tenantId'));
    return c.json(toSettingsBody(settings), 200, { ETag: etagOf(settings.version) });
  });

  routes.openapi(putSettings, async (c) => {
    const settings = await administration.saveSettings(c.get('actor'), {
      tenantId: c.get('tenantId'),
      change: toSettingsChange(c.req.valid('json')),
      expectedVersion: expectedVersion(c),
    });
    return c.json(toSettingsBody(settings), 200, { ETag: etagOf(settings.version) });
  });

  routes.openapi(startRun, async (c) => {
    const { dryRun, applyPlanOf } = c.req.valid('json') ?? {};
    const tenantId = c.get('tenantId');
    const request = { tenantId, dryRun: dryRun ?? false, applyPlanOf };
    const { runId, joined } = await administration.startRun(c.get('actor'), request);
    return c.json({ id: runId }, joined ? 200 : 202);
  });

  routes.openapi(listRuns, async (c) => {
    const { cursor, limit } = c.req.valid('query');
    const query = { tenantId: c.get('tenantId'), limit: limit + 1, before: runCursor.decode(cursor) };
    const rows = await administration.listRuns(c.get('actor'), query);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return c.json({ items: items.map(toRunBody), nextCursor: last ? runCursor.encode(last) : null }, 200);
  });

  routes.openapi(getRun, async (c) =>
    c.json(toRunBody(await administration.getRun(c.get('actor'), c.get('tenantId'), c.req.valid('param').runId)), 200),
  );

  routes.openapi(cancelRun, async (c) => {
    const { runId } = c.req.valid('param');
    await administration.cancelRun(c.get('actor'), c.get('tenantId'), runId);
    return c.json(toRunBody(await administration.getRun(c.get('actor'), c.get('tenantId'), runId)), 202);
  });

  routes.openapi(listChanges, async (c) => {
    const { cursor, limit, action, status, q } = c.req.valid('query');
    const filter = { tenantId: c.get('tenantId'), runId: c.req.valid('param').runId, action, status, search: q };
    const actor = c.get('actor');
    const read = (afterSeq: number | undefined, rows: number) =>
      administration.listChanges(actor, { ...filter, limit: rows, afterSeq });

    if (c.req.header('accept')?.includes('text/csv')) {
      const chunks = await changesAsCsv((page) => read(page.afterSeq, page.limit));
      c.header('Content-Type', 'text/csv; charset=utf-8');
      c.header('Content-Disposition', `attachment; filename="sync-${filter.runId}.csv"`);
      return stream(c, async (out) => {
        for await (const chunk of chunks) await out.write(chunk);
      }) as never;
    }
    const rows = await read(changeCursor.decode(cursor)?.seq, limit + 1);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return c.json(
      { items: items.map(toChangeBody), nextCursor: last ? changeCursor.encode({ seq: last.seq }) : null },
      200,
    );
  });

  routes.openapi(runEvents, async (c) => {
    const { runId } = c.req.valid('param');
    const actor = c.get('actor');
    const tenantId = c.get('tenantId');
    const first = await administration.getRun(actor, tenantId, runId);
    return streamSSE(c, async (events) => {
      const read = () => administration.getRun(actor, tenantId, runId);
      for await (const run of followRun(first, read, () => events.aborted)) {
        await events.writeSSE({ event: 'run', data: JSON.stringify(toRunBody(run)) });
      }
    }) as never;
  });

  return routes;
};
