import type { BrakeSettings } from '../settings/settings-types.ts';

/** Why removals wait for an administrator. */
export type HoldReason = 'too-many' | 'not-previewed';

export interface RemovalFigures {
  /** Disables and deletes of this plan. */
  readonly planned: number;
  /** Disables and deletes that earlier runs made in the last 24 hours, without those an administrator approved. */
  readonly madeLately: number;
  /** People who are bound to an extension. */
  readonly bound: number;
}

/** Whether the removals of a plan wait for an administrator, because they are too many to be believed. */
export const mustHoldRemovals = ({ planned, madeLately, bound }: RemovalFigures, brakes: BrakeSettings): boolean => {
  if (planned === 0) return false;
  const removals = planned + madeLately;
  const share = Math.max(brakes.removalFloor, Math.floor((bound * brakes.removalPercent) / 100));
  return removals > Math.min(share, brakes.removalCap);
};

export interface FailureFigures {
  readonly failed: number;
  readonly tried: number;
}

/** Whether so much of a run failed that going on would only spread the damage. */
export const mustStopForFailures = ({ failed, tried }: FailureFigures, brakes: BrakeSettings): boolean =>
  failed >= brakes.failureFloor && failed * 100 > tried * brakes.failurePercent;
