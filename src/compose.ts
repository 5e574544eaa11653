import type { Logger } from 'pino';
import { createAuthorization } from './authorization/index.ts';
import { isLoopbackUrl, type ProcessConfig } from './config.ts';
import {
  applyRemovalsWorkflowId,
  authorizationWorkflowId,
  pushWorkflowId,
  taskQueues,
  tokenWorkflowId,
  userSyncWorkflowId,
} from './contracts/index.ts';
import { startDatabaseClock } from './db/database-clock.ts';
import { createSecrets } from './db/encryption.ts';
import { readDatabaseTime } from './db/health-queries.ts';
import { openOrm } from './db/orm.ts';
import { createGoogleChannels } from './google/channels.ts';
import { createCustomerReader } from './google/customer.ts';
import { createGoogleDirectory } from './google/directory.ts';
import { createGoogleDirectorySearch } from './google/directory-search.ts';
import { createGoogleGroups } from './google/groups.ts';
import { createGoogleOAuth } from './google/oauth.ts';
import { createGooglePhotos } from './google/photos.ts';
import { createGooglePace } from './google-pace/index.ts';
import { createBuiltInDirectory } from './pbx/index.ts';
import { createExtensionNumbers, createPeople } from './people/index.ts';
import { createAuthorizationWorkflows } from './temporal/authorization-workflows.ts';
import { createTemporalClient } from './temporal/connection.ts';
import { createEndWorkflows } from './temporal/end-workflows.ts';
import { createPushKeeper } from './temporal/push-keeper.ts';
import { createRemovalStarter } from './temporal/removal-starter.ts';
import { createResumeWaitingWork, createRunStarter } from './temporal/run-starter.ts';
import { createSyncSchedules } from './temporal/sync-schedules.ts';
import { createTenants } from './tenants/index.ts';
import { createUserSync, type OnCheckpoint } from './user-sync/index.ts';

const CLOCK_EVERY_MS = 30_000;

export interface ComposeOptions {
  readonly onCheckpoint: OnCheckpoint | undefined;
}

/** Every feature with what it stands on, as the API and the worker both run it. */
export const composeFeatures = async (config: ProcessConfig, log: Logger, { onCheckpoint }: ComposeOptions) => {
  const orm = await openOrm({ databaseUrl: config.databaseUrl });
  const databaseClock = await startDatabaseClock({
    readTime: () => readDatabaseTime(orm),
    elapsedMs: () => performance.now(),
    everyMs: CLOCK_EVERY_MS,
    onFailed: (error) => log.warn({ err: error }, 'The time could not be asked of the database'),
  });
  const { clock } = databaseClock;
  const temporal = createTemporalClient(config.temporal, config.encryptionKeys);
  const { client } = temporal;
  const queues = taskQueues();
  const schedules = createSyncSchedules(client, queues, config.encryptionKeys);
  const pbxOf = (tenantId: string) => createBuiltInDirectory(orm, tenantId);

  const resumeRuns = createResumeWaitingWork(client);

  const authorization = createAuthorization({
    orm,
    clock,
    secrets: createSecrets(config.encryptionKeys),
    oauth: createGoogleOAuth(config.google),
    readCustomerId: createCustomerReader(config.google),
    origins: config.http,
    workflows: createAuthorizationWorkflows(client, queues),
    resumeWaitingWork: async (tenantId) => {
      await resumeRuns(tenantId);
      await userSync.push.look(tenantId);
    },
    releaseAtGoogle: (tenantId) => userSync.push.stop({ tenantId }),
    wantedFeatures: (tenantId) => userSync.wantedAccess(tenantId),
    connectedData: {
      count: (em, tenantId) => userSync.connectedData.count(em, tenantId),
      drop: (em, tenantId) => userSync.connectedData.drop(em, tenantId),
    },
  });

  const tenants = createTenants({
    orm,
    clock,
    releaseTenant: async (tenantId) => {
      await schedules.remove(tenantId);
      const integrationId = await authorization.release(tenantId);
      const workflows = integrationId ? [authorizationWorkflowId(integrationId), tokenWorkflowId(integrationId)] : [];
      const removals = (await userSync.approvals.openIds(tenantId)).map(applyRemovalsWorkflowId);
      await createEndWorkflows(client)(
        [userSyncWorkflowId(tenantId), pushWorkflowId(tenantId), ...removals, ...workflows],
        'The tenant was deleted.',
      );
    },
  });

  const userSync = createUserSync({
    orm,
    clock,
    directory: createGoogleDirectory(config.google),
    groups: createGoogleGroups(config.google),
    photos: createGooglePhotos(config.google),
    search: createGoogleDirectorySearch(config.google),
    access: {
      getAccessToken: (tenantId, need) => authorization.getAccessToken({ tenantId, purpose: need ?? 'userSync' }),
      forgetAccessToken: (tenantId, accessToken) => authorization.forgetAccessToken(tenantId, accessToken),
      requireReady: (tenantId, need) => authorization.requireReady({ tenantId, purpose: need ?? 'userSync' }),
      getCustomerId: (tenantId) => authorization.getCustomerId(tenantId),
    },
    googlePace: createGooglePace({ orm, quota: config.googleQuota }),
    starter: createRunStarter(client, queues),
    schedules,
    push: {
      channels: createGoogleChannels(config.google),
      keeper: createPushKeeper(client, queues),
      address: { publicUrl: config.http.publicUrl, googleIsHere: isLoopbackUrl(config.google.admin) },
      onKeeperFailed: (error, tenantId) =>
        log.warn({ err: error, tenantId }, 'The channels of a tenant could not be looked at; they will be again'),
    },
    removals: createRemovalStarter(client, queues),
    pbxOf,
    firstExtensionOf: async (tenantId) => (await tenants.requireActive(tenantId)).firstExtension,
    ...(onCheckpoint && { onCheckpoint }),
    onScheduleFailed: (error, tenantId) =>
      log.warn({ err: error, tenantId }, 'A schedule could not be changed; it will be within a minute'),
    retention: config.retention,
    onStartFailed: (error, id) => log.warn({ err: error, id }, 'Work could not be handed over; it will be again'),
  });

  return {
    orm,
    clock,
    /** Resolves when Temporal answers. */
    checkTemporal: (signal: AbortSignal) =>
      client.withAbortSignal(signal, () => client.workflowService.getSystemInfo({})),
    features: {
      authorization,
      tenants,
      people: createPeople({ orm, clock, pbxOf, keepNumber: userSync.keepNumber }),
      extensionNumbers: createExtensionNumbers({ orm, clock }),
      userSync,
    },
    async close() {
      databaseClock.stop();
      await orm.close();
      await temporal.close();
    },
  };
};
