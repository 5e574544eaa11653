import { LARGEST_NUMBER, RESERVED_NUMBERS } from '../../pbx/numbers.ts';
import type { NumberRange } from '../settings/settings-types.ts';

export interface ResolvedRange {
  readonly from: number;
  readonly to: number;
}

export const resolveRange = (range: NumberRange, firstExtension: number): ResolvedRange => ({
  from: range.start ?? firstExtension,
  to: range.end ?? LARGEST_NUMBER,
});

export interface NumberAllocator {
  /** The next free number of the range, in ascending order; undefined when the range is used up. */
  next(): number | undefined;
  /** Takes a certain number, in the range or not; false when it has an owner already. */
  claim(number: number): boolean;
}

const includes = (ascending: readonly number[], wanted: number): boolean => {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? wanted) < wanted) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === wanted;
};

/**
 * Gives out numbers, each once.
 *
 * @param inUse ascending; holds every number in use among the range and the kept ones
 * @param kept numbers that wait for the return of a person, and are given to nobody else
 */
export const createNumberAllocator = (
  range: ResolvedRange,
  inUse: readonly number[],
  kept: ReadonlySet<number> = new Set(),
): NumberAllocator => {
  const claimed = new Set<number>();
  let next = range.from;
  let position = 0;

  const isFree = (number: number): boolean => {
    while ((inUse[position] ?? Number.POSITIVE_INFINITY) < number) position++;
    return (
      inUse[position] !== number && !RESERVED_NUMBERS.includes(number) && !kept.has(number) && !claimed.has(number)
    );
  };

  return {
    next() {
      for (; next <= range.to; next++) if (isFree(next)) return next++;
      return undefined;
    },
    claim(number) {
      const wasGiven = number >= range.from && number < next && !kept.has(number);
      if (wasGiven || claimed.has(number) || includes(inUse, number)) return false;
      claimed.add(number);
      return true;
    },
  };
};
