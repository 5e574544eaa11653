import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { userSyncWorkflowId } from '../contracts/ids.ts';
import { TENANT_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { authorizationRenewedSignal, cancelRunSignal, runRequestedSignal } from '../contracts/sync-users.ts';
import type { TaskQueues } from '../contracts/task-queues.ts';
import type { RunStarter } from '../user-sync/index.ts';
import type { syncUsers } from '../workflows/sync-users.ts';

/** Runs of user sync as signals to the tenant's one sync workflow, which a first signal starts. */
export const createRunStarter = (client: Client, taskQueues: TaskQueues): RunStarter => ({
  async requestRun({ tenantId, runId }) {
    await client.workflow.signalWithStart<typeof syncUsers, [{ runId: string }]>('syncUsers', {
      workflowId: userSyncWorkflowId(tenantId),
      taskQueue: taskQueues.workflows,
      args: [{ tenantId }],
      signal: runRequestedSignal,
      signalArgs: [{ runId }],
      typedSearchAttributes: [{ key: TENANT_ID_ATTRIBUTE, value: tenantId }],
      priority: { fairnessKey: tenantId },
    });
  },

  async cancelRun({ tenantId, runId }) {
    try {
      await client.workflow.getHandle(userSyncWorkflowId(tenantId)).signal(cancelRunSignal, { runId });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
});

/** Tells a run that waits for its authorization to go on; nothing happens when none waits. */
export const createResumeWaitingWork =
  (client: Client) =>
  async (tenantId: string): Promise<void> => {
    try {
      await client.workflow.getHandle(userSyncWorkflowId(tenantId)).signal(authorizationRenewedSignal);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
