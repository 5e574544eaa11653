import { type Logger, pino } from 'pino';
import { createApp } from './api/app.ts';
import { connectionAddress } from './api/client-address.ts';
import { createMetrics } from './api/metrics.ts';
import { composeFeatures } from './compose.ts';
import type { ProcessConfig } from './config.ts';
import { serveHttp } from './serve-http.ts';
import { createGuessLimit, createPasswordSignIn, createPortalSessions } from './sign-in/index.ts';
import {
  BOOTSTRAP_ACTOR,
  bootstrap,
  createAdministrators,
  createApiTokens,
  createAuditLog,
  type Tenants,
} from './tenants/index.ts';
import { untilAskedToStop } from './until-asked-to-stop.ts';
import type { OnCheckpoint } from './user-sync/index.ts';

/** How long running requests may take once a stop is asked for; live streams are cut then and reconnect elsewhere. */
const STOP_GRACE_MS = 5000;

/** Goes on with deletions that an earlier process could not finish. A stop may cut this short: the next start goes on. */
const resumeRemovals = (tenants: Tenants, log: Logger): Promise<void> =>
  tenants.resumeRemovals(BOOTSTRAP_ACTOR).then(
    (finished) => log.debug({ finished }, 'interrupted deletions of tenants'),
    (error) => log.warn({ err: error }, 'a tenant could not be deleted to the end; delete it again'),
  );

export interface RunServerOptions {
  readonly onCheckpoint?: OnCheckpoint;
}

/** The API process: answers HTTP until it is asked to stop, then finishes what is running. */
export const runServer = async (config: ProcessConfig, { onCheckpoint }: RunServerOptions): Promise<void> => {
  const askedToStop = untilAskedToStop();
  const log = pino({ name: 'server', level: config.logLevel });
  const composition = await composeFeatures(config, log, { onCheckpoint });
  const { orm, clock, features } = composition;
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
        database: async () => {
          const connection = await orm.checkConnection();
          if (!connection.ok) throw new Error(connection.reason, { cause: connection.error });
        },
        temporal: composition.checkTemporal,
      },
      metrics: createMetrics({ withProcessMetrics: true }),
      log,
      clientAddress: connectionAddress,
      publicUrl: config.http.publicUrl,
      sbcUrl: config.http.sbcUrl,
      formTargets: [config.google.accounts],
    });
    const server = await serveHttp({ ...config.http, fetch: app.fetch, graceMs: STOP_GRACE_MS });
    log.info({ port: server.port, publicUrl: config.http.publicUrl }, 'server ready');
    process.send?.('ready');
    void resumeRemovals(features.tenants, log);
    await askedToStop;
    log.info('server stopping');
    await server.close();
  } finally {
    await composition.close();
  }
};
