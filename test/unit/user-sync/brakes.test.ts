import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mustHoldRemovals, mustStopForFailures } from '../../../src/user-sync/plan/brakes.ts';
import { DEFAULT_SETTINGS } from '../../../src/user-sync/settings/settings-types.ts';

const { brakes } = DEFAULT_SETTINGS;

describe('removals', () => {
  test.each([
    { planned: 5, madeLately: 0, bound: 10, held: false, why: 'the floor lets five go in a small company' },
    { planned: 6, madeLately: 0, bound: 10, held: true, why: 'a sixth of ten is beyond the floor and 20 %' },
    { planned: 20, madeLately: 0, bound: 100, held: false, why: '20 % is allowed' },
    { planned: 21, madeLately: 0, bound: 100, held: true, why: 'more than 20 % is not' },
    { planned: 50, madeLately: 0, bound: 10_000, held: false, why: 'fifty are allowed' },
    { planned: 51, madeLately: 0, bound: 10_000, held: true, why: 'more than fifty are not, whatever the share' },
    { planned: 1, madeLately: 50, bound: 10_000, held: true, why: 'what was removed in 24 hours counts' },
    { planned: 0, madeLately: 400, bound: 10_000, held: false, why: 'there is nothing to hold' },
  ])('$planned of $bound after $madeLately: held $held, because $why', ({ held, why: _, ...figures }) => {
    expect(mustHoldRemovals(figures, brakes)).toBe(held);
  });

  test('more removals are never let through where fewer were held', () => {
    const figures = fc.record({ planned: fc.nat(200), madeLately: fc.nat(200), bound: fc.nat(2000) });
    fc.assert(
      fc.property(figures, fc.nat(50), (f, more) => {
        if (mustHoldRemovals(f, brakes))
          expect(mustHoldRemovals({ ...f, planned: f.planned + more }, brakes)).toBe(true);
      }),
    );
  });
});

describe('failures', () => {
  test.each([
    { failed: 9, tried: 9, stop: false },
    { failed: 10, tried: 10, stop: true },
    { failed: 10, tried: 25, stop: false },
    { failed: 41, tried: 100, stop: true },
    { failed: 40, tried: 100, stop: false },
  ])('$failed of $tried stop the run: $stop', ({ stop, ...figures }) => {
    expect(mustStopForFailures(figures, brakes)).toBe(stop);
  });
});
