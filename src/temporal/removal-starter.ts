import type { Client } from '@temporalio/client';
import { applyRemovalsWorkflowId, type TaskQueues, TENANT_ID_ATTRIBUTE } from '../contracts/index.ts';
import type { RemovalStarter } from '../user-sync/index.ts';
import type { applyRemovals } from '../workflows/apply-removals.ts';

/** Approved removals as a workflow of their own, one per approval: a second start joins the first. */
export const createRemovalStarter = (client: Client, taskQueues: TaskQueues): RemovalStarter => ({
  async applyRemovals({ tenantId, approvalId }) {
    await client.workflow.start<typeof applyRemovals>('applyRemovals', {
      workflowId: applyRemovalsWorkflowId(approvalId),
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: taskQueues.workflows,
      args: [{ tenantId, approvalId }],
      typedSearchAttributes: [{ key: TENANT_ID_ATTRIBUTE, value: tenantId }],
      priority: { fairnessKey: tenantId },
    });
  },
});
