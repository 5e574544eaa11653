import { type Client, isGrpcDeadlineError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';

/** Time for a cancelled workflow to reach its next checkpoint. */
const CANCEL_WAIT_MS = 10_000;

/**
 * Ends workflows that belong to something that is about to go. Each is cancelled, so that it ends at a checkpoint; one
 * that does not (no worker is up) is terminated. Ids without a workflow are fine, and so is calling again.
 */
export const createEndWorkflows = (client: Client) => {
  const end = async (workflowId: string, reason: string): Promise<void> => {
    const handle = client.workflow.getHandle(workflowId);
    try {
      await handle.cancel();
      await client.withDeadline(Date.now() + CANCEL_WAIT_MS, () => handle.result());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError || error instanceof WorkflowFailedError) return;
      if (!isGrpcDeadlineError(error)) throw error;
      await handle.terminate(reason);
    }
  };

  return async (workflowIds: readonly string[], reason: string): Promise<void> => {
    await Promise.all(workflowIds.map((workflowId) => end(workflowId, reason)));
  };
};
