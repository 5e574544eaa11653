import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { UserSyncActivities } from '../activities/user-sync.ts';
import type { ApplyRemovalsInput } from '../contracts/apply-removals.ts';
import { taskQueuesBeside } from '../contracts/task-queues.ts';
import { applyActivity } from './options.ts';

/**
 * Carries out removals that an administrator approved, beside whatever sync runs: each is looked at again before it is
 * done, on the extension as it is then. The approval's row is the truth; ending early loses nothing.
 */
export async function applyRemovals(approval: ApplyRemovalsInput): Promise<void> {
  const { pbx } = taskQueuesBeside(workflowInfo().taskQueue);
  const steps = proxyActivities<UserSyncActivities>({ ...applyActivity, taskQueue: pbx });
  while ((await steps.applyRemovals(approval)).outcome === 'more') {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof applyRemovals>(approval);
  }
}
