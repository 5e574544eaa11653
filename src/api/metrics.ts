import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly httpDurations: Histogram<'method' | 'route' | 'status'>;
}

/** A registry of its own per process or test. `withProcessMetrics` adds memory, CPU and event loop. */
export const createMetrics = ({ withProcessMetrics }: { readonly withProcessMetrics: boolean }): Metrics => {
  const registry = new Registry();
  if (withProcessMetrics) collectDefaultMetrics({ register: registry });
  const httpDurations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route pattern',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return { registry, httpDurations };
};
