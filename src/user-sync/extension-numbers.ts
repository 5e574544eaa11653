import { LARGEST_NUMBER, RESERVED_NUMBERS } from '../pbx/numbers.ts';
import type { NumberRange } from './settings-types.ts';

export interface ResolvedRange {
  readonly from: number;
  readonly to: number;
}

export const resolveRange = (range: NumberRange, firstExtension: number): ResolvedRange => ({
  from: range.start ?? firstExtension,
  to: range.end ?? LARGEST_NUMBER,
});

/**
 * Gives out the free numbers of a range in ascending order, each once; undefined when the range is used up.
 *
 * @param inUse ascending
 */
export const createNumberAllocator = (range: ResolvedRange, inUse: readonly number[]): (() => number | undefined) => {
  let next = range.from;
  let position = 0;
  return () => {
    for (; next <= range.to; next++) {
      while ((inUse[position] ?? Number.POSITIVE_INFINITY) < next) position++;
      if (inUse[position] !== next && !RESERVED_NUMBERS.includes(next)) return next++;
    }
    return undefined;
  };
};
