import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LARGEST_NUMBER, RESERVED_NUMBERS } from '../../../src/pbx/index.ts';
import {
  createNumberAllocator,
  type NumberAllocator,
  resolveRange,
} from '../../../src/user-sync/plan/extension-numbers.ts';

const take = (numbers: NumberAllocator, n: number) => Array.from({ length: n }, () => numbers.next());

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

  test('wait for the person they are kept for, and are given to nobody else', () => {
    const numbers = createNumberAllocator({ from: 1000, to: 1003 }, [1001], new Set([1000, 1001]));
    expect(numbers.claim(1001)).toBe(false);
    expect(numbers.next()).toBe(1002);
    expect(numbers.claim(1000)).toBe(true);
    expect(numbers.claim(1000)).toBe(false);
    expect(take(numbers, 2)).toEqual([1003, undefined]);
  });

  test('are claimed and given once each, in whatever order that happens', () => {
    const cases = fc.record({
      inUse: fc.uniqueArray(fc.integer({ min: 100, max: 140 })),
      kept: fc.uniqueArray(fc.integer({ min: 90, max: 150 })),
      steps: fc.array(fc.option(fc.integer({ min: 90, max: 150 })), { maxLength: 60 }),
    });
    fc.assert(
      fc.property(cases, ({ inUse, kept, steps }) => {
        const sorted = inUse.toSorted((a, b) => a - b);
        const numbers = createNumberAllocator({ from: 100, to: 140 }, sorted, new Set(kept));
        const given = steps.flatMap((wanted) => {
          if (wanted !== null) return numbers.claim(wanted) ? [wanted] : [];
          const next = numbers.next();
          return next === undefined ? [] : [next];
        });
        expect(new Set(given).size).toBe(given.length);
        expect(given.filter((number) => inUse.includes(number))).toEqual([]);
      }),
    );
  });
});
