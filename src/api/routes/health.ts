import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import { jsonAnswer } from '../route-parts.ts';

const CHECK_TIMEOUT_MS = 2000;

const answerSchema = z.enum(['ok', 'failed']);
const readinessSchema = z.object({
  status: z.enum(['ready', 'not-ready']),
  checks: z.object({ database: answerSchema, temporal: answerSchema }),
});

const healthRoute = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['Operation'],
  summary: 'Whether the process is alive',
  security: [],
  responses: { 200: jsonAnswer('It is', z.object({ status: z.literal('alive') })) },
});

const readinessRoute = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  tags: ['Operation'],
  summary: 'Whether the database and Temporal answer',
  security: [],
  responses: { 200: jsonAnswer('Both do', readinessSchema), 503: jsonAnswer('One does not', readinessSchema) },
});

const within = async (check: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> => {
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
  const timeUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([check(signal), timeUp]);
};

/** `/healthz`, `/readyz`, `/metrics`: for whoever runs the process. */
export const createHealthRoutes = ({ readiness, metrics }: Pick<ApiDependencies, 'readiness' | 'metrics'>) => {
  const app = new OpenAPIHono<AppEnv>();

  app.openapi(healthRoute, (c) => c.json({ status: 'alive' as const }, 200));

  app.openapi(readinessRoute, async (c) => {
    const answer = async (name: 'database' | 'temporal'): Promise<'ok' | 'failed'> => {
      try {
        await within(readiness[name]);
        return 'ok';
      } catch (error) {
        c.get('log').warn({ err: error, check: name }, 'not ready');
        return 'failed';
      }
    };
    const [database, temporal] = await Promise.all([answer('database'), answer('temporal')]);
    const ready = database === 'ok' && temporal === 'ok';
    const checks = { database, temporal };
    return ready
      ? c.json({ status: 'ready' as const, checks }, 200)
      : c.json({ status: 'not-ready' as const, checks }, 503);
  });

  app.get('/metrics', async (c) =>
    c.body(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType }),
  );

  return app;
};
