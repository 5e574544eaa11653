import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { EncryptionKey } from '../../src/config.ts';
import { type TaskQueues, taskQueues } from '../../src/contracts/index.ts';
import { createTemporalClient } from '../../src/temporal/connection.ts';
import { installRuntime, startWorkers, type Workers } from '../../src/temporal/workers.ts';
import { recordHistories } from './record-histories.ts';
import { suite } from './suite.ts';
import { TEST_KEYS } from './test-keys.ts';

export type TemporalWorld = {
  client: Client;
  queues: TaskQueues;
  keys: readonly EncryptionKey[];
  unexpected: unknown[];
  start(activities: object): Promise<Workers>;
  close(): Promise<void>;
};

let runtimeInstalled = false;

/** A client, keys and queues of the caller's own on the suite's Temporal server. */
export const createTemporalWorld = (): TemporalWorld => {
  if (!runtimeInstalled) installRuntime(() => undefined);
  runtimeInstalled = true;
  const { temporalAddress, temporalNamespace, workflowBundlePath } = suite();
  const temporal = { address: temporalAddress, namespace: temporalNamespace, apiKey: undefined, tls: undefined };
  const keys = TEST_KEYS;
  const queues = taskQueues(`${randomUUID()}-`);
  const { client, close } = createTemporalClient(temporal, keys);
  const started: Workers[] = [];
  const unexpected: unknown[] = [];
  return {
    client,
    queues,
    keys,
    unexpected,
    async start(activities) {
      const workers = await startWorkers({
        temporal,
        keys,
        queues,
        workflowBundlePath,
        activities,
        onUnexpectedError: (error) => unexpected.push(error),
      });
      started.push(workers);
      return workers;
    },
    async close() {
      await Promise.all(started.map((workers) => workers.stop()));
      if (process.env.RECORD_HISTORIES) await recordHistories(client, queues.workflows);
      await close();
    },
  };
};
