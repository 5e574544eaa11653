import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Logger } from 'pino';
import type { AppContext, AppEnv } from '../environment.ts';
import type { Metrics } from '../metrics.ts';

const QUIET_ROUTES = new Set(['/healthz', '/readyz', '/metrics', '/assets/:hash/:name']);

const patternOf = (c: AppContext): string =>
  matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? 'none';

/**
 * One line and one measurement per request. The route's pattern stands for the path, because paths and queries may
 * carry one-time secrets.
 */
export const accessLog =
  (log: Logger, metrics: Metrics): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const startedAt = performance.now();
    c.set('log', log.child({ requestId: c.get('requestId') }));
    await next();
    const durationMs = performance.now() - startedAt;
    const route = patternOf(c);
    const { method } = c.req;
    const { status } = c.res;
    metrics.httpDurations.observe({ method, route, status: String(status) }, durationMs / 1000);
    const actor = c.get('identity')?.actor;
    c.get('log')[QUIET_ROUTES.has(route) && status < 500 ? 'debug' : 'info'](
      {
        method,
        route,
        status,
        durationMs: Math.round(durationMs * 10) / 10,
        ip: c.get('ip'),
        ...(actor && { actor: `${actor.kind}/${actor.id}` }),
        ...(c.get('tenantId') && { tenantId: c.get('tenantId') }),
        ...(c.get('problemCode') && { code: c.get('problemCode') }),
      },
      'request',
    );
  };
