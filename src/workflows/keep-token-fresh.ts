import {
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AuthorizationActivities } from '../activities/authorization.ts';
import { grantChangedSignal, type KeepTokenFreshInput } from '../contracts/keep-token-fresh.ts';
import { taskQueuesBeside } from '../contracts/task-queues.ts';
import { tokenActivity, upkeepRoundsPerRun } from './options.ts';

/**
 * Keeps the grant of one integration alive: renews it ahead of expiry while it is in use and every few days while it
 * is not, sleeps in between, and rests without any timer once the grant is over. Whoever needs a token never waits for
 * this; it only makes renewing early. Ends when the integration is disconnected or gone.
 */
export async function keepTokenFresh(integration: KeepTokenFreshInput): Promise<void> {
  const { google } = taskQueuesBeside(workflowInfo().taskQueue);
  const { keepGrantFresh } = proxyActivities<AuthorizationActivities>({ ...tokenActivity, taskQueue: google });
  let changes = 0;
  setHandler(grantChangedSignal, () => {
    changes++;
  });

  for (let round = 0; round < upkeepRoundsPerRun && !workflowInfo().continueAsNewSuggested; round++) {
    const seen = changes;
    const isChanged = () => changes > seen;
    const step = await keepGrantFresh(integration);
    if (step.next === 'gone' && !isChanged()) return;
    if (step.next === 'parked') await condition(isChanged);
    if (step.next === 'wait') await condition(isChanged, step.delayMs);
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof keepTokenFresh>(integration);
}
