import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LARGEST_NUMBER, RESERVED_NUMBERS } from '../../../src/pbx/index.ts';
import { createNumberAllocator, resolveRange } from '../../../src/user-sync/extension-numbers.ts';

const take = (allocate: () => number | undefined, n: number) => Array.from({ length: n }, () => allocate());

describe('extension numbers', () => {
  test('are the first free ones, in ascending order', () => {
    expect(take(createNumberAllocator({ from: 1000, to: 1005 }, [1001, 1003]), 5)).toEqual([
      1000,
      1002,
      1004,
      1005,
      undefined,
    ]);
  });

  test('are never reserved ones', () => {
    expect(take(createNumberAllocator({ from: 554, to: 557 }, []), 4)).toEqual([554, 556, 557, undefined]);
  });

  test('begin at the tenant’s first extension when no range is set', () => {
    expect(resolveRange({ start: null, end: null }, 1000)).toEqual({ from: 1000, to: LARGEST_NUMBER });
  });

  test('are unique, free, in range and deterministic, and none is left out', () => {
    const cases = fc.record({
      from: fc.integer({ min: 100, max: 900 }),
      size: fc.integer({ min: 0, max: 60 }),
      inUse: fc.uniqueArray(fc.integer({ min: 100, max: 960 }), { maxLength: 200 }),
    });
    fc.assert(
      fc.property(cases, ({ from, size, inUse }) => {
        const range = { from, to: from + size };
        const sorted = inUse.toSorted((a, b) => a - b);
        const given = take(createNumberAllocator(range, sorted), size + 2).filter((n) => n !== undefined);
        const free = Array.from({ length: size + 1 }, (_, i) => from + i).filter(
          (n) => !inUse.includes(n) && !RESERVED_NUMBERS.includes(n),
        );
        expect(given).toEqual(free);
      }),
    );
  });
});
