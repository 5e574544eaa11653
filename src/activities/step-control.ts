import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { StepControl } from '../user-sync/index.ts';

/** The running activity, as a feature's long step sees it. */
export const stepControl = (): StepControl => ({
  signal: cancellationSignal(),
  attempt: activityInfo().attempt,
  heartbeat: (details) => heartbeat(details),
});
