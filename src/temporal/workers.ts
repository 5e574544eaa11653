import {
  DefaultLogger,
  type LogEntry,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { createAppErrorInterceptor } from '../activities/app-error-interceptor.ts';
import type { EncryptionKey, ProcessConfig } from '../config.ts';
import type { TaskQueues } from '../contracts/task-queues.ts';
import { connectionOptions } from './connection.ts';
import { createDataConverter } from './data-converter.ts';

export interface WorkersOptions {
  readonly temporal: ProcessConfig['temporal'];
  readonly keys: readonly EncryptionKey[];
  readonly queues: TaskQueues;
  /** The workflow code, bundled beforehand. */
  readonly workflowBundlePath: string;
  readonly activities: object;
  readonly onUnexpectedError: (error: unknown) => void;
}

export interface Workers {
  /** Ends when every worker has stopped; rejects when one failed. */
  readonly stopped: Promise<void>;
  /** Takes no new work, lets running activities reach their checkpoint, closes the connection. */
  stop(): Promise<void>;
}

/** Sends what the SDK logs to the process's own log. Once per process, before the first worker. */
export const installRuntime = (write: (entry: LogEntry) => void): void => {
  Runtime.install({ logger: new DefaultLogger('WARN', write), shutdownSignals: [] });
};

/** Longest time for an activity to reach its next checkpoint once the process is asked to stop. */
const SHUTDOWN_GRACE = '20 seconds';
const SHUTDOWN_FORCE = '25 seconds';

/**
 * One worker per queue over one connection: what waits for Google never takes the slots of what does not. The slots
 * bound the memory: a reading step holds two pages, an applying one two batches, about 5 MB each; one of photos holds
 * twelve pictures.
 */
export const startWorkers = async (options: WorkersOptions): Promise<Workers> => {
  const connection = await NativeConnection.connect(connectionOptions(options.temporal));
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace: options.temporal.namespace,
    dataConverter: createDataConverter(options.keys),
    activities: options.activities,
    interceptors: { activity: [() => ({ inbound: createAppErrorInterceptor(options.onUnexpectedError) })] },
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
  };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: options.queues.workflows,
      workflowBundle: { codePath: options.workflowBundlePath },
      maxConcurrentWorkflowTaskExecutions: 20,
      maxConcurrentActivityTaskExecutions: 10,
      maxCachedWorkflows: 300,
    }),
    Worker.create({ ...shared, taskQueue: options.queues.google, maxConcurrentActivityTaskExecutions: 10 }),
    Worker.create({ ...shared, taskQueue: options.queues.photos, maxConcurrentActivityTaskExecutions: 3 }),
    Worker.create({ ...shared, taskQueue: options.queues.pbx, maxConcurrentActivityTaskExecutions: 5 }),
  ]);
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const stopped = Promise.all(workers.map((worker) => worker.run().finally(stopAll))).then(() => undefined);
  const closed = stopped.catch(() => undefined).then(() => connection.close());
  stopped.catch(() => undefined);
  return {
    stopped,
    async stop() {
      stopAll();
      await closed;
    },
  };
};
