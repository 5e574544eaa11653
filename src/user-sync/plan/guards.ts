import { mustHoldRemovals, mustStopForFailures } from './brakes.ts';
import { mustPreviewScope } from './scope-change.ts';

export interface ListingFigures {
  /** The last page was read. */
  readonly complete: boolean;
  /** People that it holds. */
  readonly listed: number;
}

/** Whether somebody's absence from a listing means anything. */
export const isWholeListing = ({ complete, listed }: ListingFigures): boolean => complete && listed > 0;

/**
 * What stands between a mistake and the people of a tenant, as one argument: the tests take each away and see that its
 * guarantee falls.
 */
export interface Guards {
  readonly isWholeListing: typeof isWholeListing;
  readonly mustHoldRemovals: typeof mustHoldRemovals;
  readonly mustPreviewScope: typeof mustPreviewScope;
  readonly mustStopForFailures: typeof mustStopForFailures;
}

export const GUARDS: Guards = { isWholeListing, mustHoldRemovals, mustPreviewScope, mustStopForFailures };
