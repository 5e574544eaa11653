import { AppError } from '../errors.ts';
import type { RunRow } from './run-queries.ts';

/** @throws AppError SYNC_RUN_SUPERSEDED when the run has ended or is gone: whoever still works on it must stop */
export const requireActive = (run: RunRow | undefined): RunRow => {
  if (!run || run.finished) throw new AppError('SYNC_RUN_SUPERSEDED', 'This run has ended already.');
  return run;
};
