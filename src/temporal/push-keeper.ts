import type { Client } from '@temporalio/client';
import { pushWorkflowId } from '../contracts/ids.ts';
import { pushChangedSignal } from '../contracts/keep-push-channels.ts';
import { TENANT_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { TaskQueues } from '../contracts/task-queues.ts';
import type { PushKeeper } from '../user-sync/index.ts';
import type { keepPushChannels } from '../workflows/keep-push-channels.ts';

/** The channels of a tenant as its one workflow, which a first signal starts. */
export const createPushKeeper = (client: Client, queues: TaskQueues): PushKeeper => ({
  async look(tenantId) {
    await client.workflow.signalWithStart<typeof keepPushChannels, []>('keepPushChannels', {
      workflowId: pushWorkflowId(tenantId),
      taskQueue: queues.workflows,
      args: [{ tenantId }],
      signal: pushChangedSignal,
      signalArgs: [],
      typedSearchAttributes: [{ key: TENANT_ID_ATTRIBUTE, value: tenantId }],
      priority: { fairnessKey: tenantId },
    });
  },
});
