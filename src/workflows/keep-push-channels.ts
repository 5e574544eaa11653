import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PushActivities } from '../activities/push.ts';
import { type KeepPushChannelsInput, pushChangedSignal } from '../contracts/keep-push-channels.ts';
import { taskQueuesBeside } from '../contracts/task-queues.ts';
import { pushActivity, pushRoundsPerRun } from './options.ts';

/**
 * Keeps the channels of one tenant through which Google tells of changes: opens them, replaces each before it ends,
 * and sleeps in between. Ends when there can be none, after it has stopped what was open; whoever makes them possible
 * again starts it anew. Cancelled, it stops the channels first.
 */
export async function keepPushChannels(tenant: KeepPushChannelsInput): Promise<void> {
  const { google } = taskQueuesBeside(workflowInfo().taskQueue);
  const steps = proxyActivities<PushActivities>({ ...pushActivity, taskQueue: google });
  let changes = 0;
  setHandler(pushChangedSignal, () => {
    changes++;
  });

  try {
    for (let round = 0; round < pushRoundsPerRun && !workflowInfo().continueAsNewSuggested; round++) {
      const seen = changes;
      const isChanged = () => changes > seen;
      const step = await steps.keepPushChannels(tenant);
      if (step.next === 'rest' && !isChanged()) return;
      if (step.next === 'wait') await condition(isChanged, step.delayMs);
    }
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => steps.stopPushChannels(tenant));
    throw error;
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof keepPushChannels>(tenant);
}
