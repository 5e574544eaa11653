import { pino } from 'pino';
import { createApp } from './api/app.ts';
import { connectionAddress } from './api/client-address.ts';
import { createMetrics } from './api/metrics.ts';
import { systemClock } from './clock.ts';
import { composeFeatures } from './compose.ts';
import { ConfigError, loadProcessConfig, type ProcessConfig } from './config.ts';
import { checkDatabase } from './db/health-queries.ts';
import { serveHttp } from './serve-http.ts';
import { createGuessLimit, createPasswordSignIn, createPortalSessions } from './sign-in/index.ts';
import { bootstrap, createAdministrators, createApiTokens, createAuditLog } from './tenants/index.ts';
import { untilAskedToStop } from './until-asked-to-stop.ts';

const STOP_GRACE_MS = 10_000;

/** The API process: answers HTTP until it is asked to stop, then finishes what is running. */
const run = async (config: ProcessConfig): Promise<void> => {
  const stop = untilAskedToStop();
  const log = pino({ name: 'server', level: config.logLevel });
  const clock = systemClock;
  const composition = await composeFeatures(config, log);
  const { orm, features } = composition;
  try {
    await bootstrap({ orm, clock }, config.bootstrap);
    const sessions = createPortalSessions({ orm, clock });
    const app = createApp({
      ...features,
      administrators: createAdministrators({ orm, clock }),
      apiTokens: createApiTokens({ orm, clock }),
      auditLog: createAuditLog({ orm }),
      sessions,
      signInWithPassword: createPasswordSignIn({ orm, sessions, guessLimit: createGuessLimit(orm) }),
      readiness: {
        database: () => checkDatabase(orm),
        temporal: composition.checkTemporal,
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
    await composition.close();
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
