import {
  type Client,
  isGrpcDeadlineError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { AuthorizationWorkflows } from '../authorization/index.ts';
import {
  authorizationWorkflowId,
  beginAuthorizationUpdate,
  completeAuthorizationUpdate,
  grantChangedSignal,
  type TaskQueues,
  TENANT_ID_ATTRIBUTE,
  tokenWorkflowId,
} from '../contracts/index.ts';
import { withOwnErrors } from './client-errors.ts';

/** How long a browser waits for the outcome of its consent before it is shown the page that tells it later. */
const OUTCOME_WAIT_MS = 20_000;
const BEGIN_WAIT_MS = 10_000;

/** Consent and token upkeep as workflows, one of each per integration. */
export const createAuthorizationWorkflows = (client: Client, queues: TaskQueues): AuthorizationWorkflows => {
  const common = (tenantId: string) => ({
    taskQueue: queues.workflows,
    typedSearchAttributes: [{ key: TENANT_ID_ATTRIBUTE, value: tenantId }],
    priority: { priorityKey: 1, fairnessKey: tenantId },
  });

  return {
    begin: withOwnErrors((integration, request) => {
      const start = new WithStartWorkflowOperation('authorizeIntegration', {
        ...common(integration.tenantId),
        workflowId: authorizationWorkflowId(integration.integrationId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [integration],
      });
      return client.withDeadline(Date.now() + BEGIN_WAIT_MS, () =>
        client.workflow.executeUpdateWithStart(beginAuthorizationUpdate, {
          startWorkflowOperation: start,
          updateId: `begin-${request.requestId}`,
          args: [request],
        }),
      );
    }),

    complete: withOwnErrors(async (integration, request) => {
      const handle = client.workflow.getHandle(authorizationWorkflowId(integration.integrationId));
      try {
        return await client.withDeadline(Date.now() + OUTCOME_WAIT_MS, () =>
          handle.executeUpdate(completeAuthorizationUpdate, {
            updateId: `complete-${request.requestId}`,
            args: [request],
          }),
        );
      } catch (error) {
        const stillAtWork = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcDeadlineError(error);
        if (stillAtWork || error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    }),

    cancel: withOwnErrors(async ({ integrationId }) => {
      try {
        await client.workflow.getHandle(authorizationWorkflowId(integrationId)).cancel();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }),

    tokenChanged: withOwnErrors(async (integration) => {
      await client.workflow.signalWithStart('keepTokenFresh', {
        ...common(integration.tenantId),
        workflowId: tokenWorkflowId(integration.integrationId),
        args: [integration],
        signal: grantChangedSignal,
        signalArgs: [],
      });
    }),
  };
};
