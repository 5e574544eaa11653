import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { StepControl } from '../user-sync/index.ts';

/** A third of the heartbeat timeout of the steps, so that one late beat is not taken for a death. */
const BEAT_EVERY_MS = 3_000;

/**
 * Runs a long step of a feature as the current activity. It beats by itself for as long as this process lives,
 * whatever the step waits for, so a killed worker is noticed within seconds and a slow page is not mistaken for one.
 */
export const runStep = async <Result>(step: (control: StepControl) => Promise<Result>): Promise<Result> => {
  let latest: { readonly done: number } = { done: 0 };
  const beat = setInterval(() => heartbeat(latest), BEAT_EVERY_MS);
  try {
    return await step({
      signal: cancellationSignal(),
      attempt: activityInfo().attempt,
      heartbeat(details) {
        latest = details;
        heartbeat(details);
      },
    });
  } finally {
    clearInterval(beat);
  }
};
