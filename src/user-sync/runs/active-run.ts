import { AppError } from '../../errors.ts';
import type { RunRow } from './run-queries.ts';

/**
 * @throws AppError SYNC_RUN_SUPERSEDED when the run has ended or is gone: whoever still works on it must stop;
 * SYNC_RUN_CANCELLED when its end was asked for, told by the row because a signal may have been lost
 */
export const requireActive = (run: RunRow | undefined): RunRow => {
  if (!run || run.finished) throw new AppError('SYNC_RUN_SUPERSEDED', 'This run has ended already.');
  if (run.cancel_requested) throw new AppError('SYNC_RUN_CANCELLED', 'The end of this run was asked for.');
  return run;
};
