import { defineSignal } from '@temporalio/workflow';

export interface KeepTokenFreshInput {
  readonly tenantId: string;
  readonly integrationId: string;
}

/** A new consent, a disconnect, or a first use after a long rest: look at the grant again now. */
export const grantChangedSignal = defineSignal('grantChanged');
