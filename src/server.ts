import { sql } from 'kysely';
import { pino } from 'pino';
import { createApp } from './api/app.ts';
import { connectionAddress } from './api/client-address.ts';
import { createMetrics } from './api/metrics.ts';
import { systemClock } from './clock.ts';
import { ConfigError, loadProcessConfig, type ProcessConfig } from './config.ts';
import { openOrm } from './db/orm.ts';
import { serveHttp } from './serve-http.ts';
import { createGuessLimit, createPasswordSignIn, createPortalSessions } from './sign-in/index.ts';
import { createTemporalClient } from './temporal/connection.ts';
import { bootstrap, createAdministrators, createApiTokens, createAuditLog, createTenants } from './tenants/index.ts';
import { untilAskedToStop } from './until-asked-to-stop.ts';

const STOP_GRACE_MS = 10_000;

/** The API process: answers HTTP until it is asked to stop, then finishes what is running. */
const run = async (config: ProcessConfig): Promise<void> => {
  const stop = untilAskedToStop();
  const log = pino({ name: 'server', level: config.logLevel });
  const clock = systemClock;
  const orm = await openOrm({ databaseUrl: config.databaseUrl });
  const temporal = createTemporalClient(config.temporal, config.encryptionKeys);
  try {
    await bootstrap({ orm, clock }, config.bootstrap);
    const sessions = createPortalSessions({ orm, clock });
    const app = createApp({
      tenants: createTenants({ orm, clock, releaseTenant: async () => {} }),
      administrators: createAdministrators({ orm, clock }),
      apiTokens: createApiTokens({ orm, clock }),
      auditLog: createAuditLog({ orm }),
      sessions,
      signInWithPassword: createPasswordSignIn({ orm, sessions, guessLimit: createGuessLimit(orm) }),
      readiness: {
        database: () => sql`select 1`.execute(orm.em.fork().getKysely()),
        temporal: (signal) =>
          temporal.client.withAbortSignal(signal, () => temporal.client.workflowService.getSystemInfo({})),
      },
      metrics: createMetrics({ withProcessMetrics: true }),
      log,
      clientAddress: connectionAddress,
      publicUrl: config.http.publicUrl,
      sbcUrl: config.http.sbcUrl,
      formTargets: [config.google.accounts],
    });
    const server = await serveHttp({ fetch: app.fetch, ...config.http, graceMs: STOP_GRACE_MS });
    log.info({ port: server.port, publicUrl: config.http.publicUrl }, 'server ready');
    process.send?.('ready');
    await stop;
    log.info('server stopping');
    await server.close();
  } finally {
    await orm.close();
    await temporal.close();
  }
};

try {
  await run(loadProcessConfig(process.env));
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
} finally {
  if (process.connected) process.disconnect();
}
