import { defineSignal } from '@temporalio/workflow';

/** One long-lived lock per tenant: the workflow works off the runs that it is told of, one after the other. */
export interface SyncUsersInput {
  readonly tenantId: string;
  /** Runs told of before a continue-as-new and not begun yet. */
  readonly pendingRunIds?: readonly string[];
}

export interface RunRequest {
  readonly runId: string;
}

export const runRequestedSignal = defineSignal<[RunRequest]>('runRequested');

/** The tenant's grant works again: a run that waits for it reads anew. */
export const authorizationRenewedSignal = defineSignal('authorizationRenewed');
export const cancelRunSignal = defineSignal<[RunRequest]>('cancelRun');
