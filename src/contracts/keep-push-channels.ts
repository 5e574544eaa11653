import { defineSignal } from '@temporalio/workflow';

export interface KeepPushChannelsInput {
  readonly tenantId: string;
}

/** Mode, pause or authorization changed: look at the channels now. */
export const pushChangedSignal = defineSignal('pushChanged');
