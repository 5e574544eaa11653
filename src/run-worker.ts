import path from 'node:path';
import { pino } from 'pino';
import { createActivities } from './activities/index.ts';
import { composeFeatures } from './compose.ts';
import type { ProcessConfig } from './config.ts';
import { taskQueues } from './contracts/index.ts';
import { CHANNELS_EVERY_MS, FORGOTTEN_EVERY_MS, SCHEDULES_EVERY_MS, startReconciler } from './temporal/reconciler.ts';
import { installRuntime, startWorkers } from './temporal/workers.ts';
import { untilAskedToStop } from './until-asked-to-stop.ts';
import type { OnCheckpoint } from './user-sync/index.ts';

const SWEEP_EVERY_MS = 60 * 60_000;
const BUNDLE = path.join(import.meta.dirname, 'workflow-bundle.js');

export interface RunWorkerOptions {
  readonly onCheckpoint?: OnCheckpoint;
}

/** The worker process: takes workflow and activity tasks until it is asked to stop, then ends at checkpoints. */
export const runWorker = async (config: ProcessConfig, { onCheckpoint }: RunWorkerOptions): Promise<void> => {
  const log = pino({ name: 'worker', level: config.logLevel });
  installRuntime(({ level, message, meta }) => log.warn({ level, ...meta }, message));
  const composition = await composeFeatures(config, log, { onCheckpoint });
  const queues = taskQueues();
  const workers = await startWorkers({
    temporal: config.temporal,
    keys: config.encryptionKeys,
    queues,
    workflowBundlePath: BUNDLE,
    activities: createActivities(composition.features),
    onUnexpectedError: (error) => log.error({ err: error }, 'An activity failed unexpectedly'),
  });
  const { runs, approvals, scheduleKeeping, push, sweep } = composition.features.userSync;
  const stopping = new AbortController();
  const sweepOut = async () => log.info(await sweep(stopping.signal), 'Deleted what is older than it needs to be');
  const reconcilers = [
    startReconciler(runs.startForgotten, FORGOTTEN_EVERY_MS, (error) =>
      log.warn({ err: error }, 'Runs that wait for Temporal could not be handed over'),
    ),
    startReconciler(approvals.startForgotten, FORGOTTEN_EVERY_MS, (error) =>
      log.warn({ err: error }, 'Approved removals that wait for Temporal could not be handed over'),
    ),
    startReconciler(scheduleKeeping.reconcile, SCHEDULES_EVERY_MS, (error) =>
      log.warn({ err: error }, 'Schedules could not be compared with the settings'),
    ),
    startReconciler(sweepOut, SWEEP_EVERY_MS, (error) =>
      log.warn({ err: error }, 'What is older than it needs to be could not be deleted'),
    ),
    startReconciler(push.lookAfterNeglected, CHANNELS_EVERY_MS, (error) =>
      log.warn({ err: error }, 'Channels that nobody looks after could not be found'),
    ),
  ];
  log.info('worker ready');
  process.send?.('ready');
  try {
    await Promise.race([untilAskedToStop(), workers.stopped]);
  } finally {
    stopping.abort();
    await Promise.all(reconcilers.map((reconciler) => reconciler.stop()));
    await workers.stop();
    await composition.close();
    log.info('worker stopped');
  }
};
