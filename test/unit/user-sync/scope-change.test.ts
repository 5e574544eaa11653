import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mustPreviewScope } from '../../../src/user-sync/plan/scope-change.ts';

const rules = fc.constantFrom('a', 'b', 'c');
const known = fc.option(rules);

describe('removals of people who are out of scope', () => {
  test.each([
    ['the rules are those of the last sync', 'a', null, false],
    ['the rules changed and nobody looked', 'b', null, true],
    ['the rules changed and a preview showed what they do', 'b', 'a', false],
    ['the rules changed after the preview of other ones', 'b', 'c', true],
    ['nothing was ever synchronized and nobody looked', null, null, true],
    ['nothing was ever synchronized and a preview was made', null, 'a', false],
  ] as const)('when %s', (_, lastApplied, lastPreviewed, held) => {
    expect(mustPreviewScope({ current: 'a', lastApplied, lastPreviewed })).toBe(held);
  });

  test('never wait under rules that were applied or previewed, and always under others', () => {
    fc.assert(
      fc.property(rules, known, known, (current, lastApplied, lastPreviewed) => {
        const seen = [lastApplied, lastPreviewed].includes(current);
        expect(mustPreviewScope({ current, lastApplied, lastPreviewed })).toBe(!seen);
      }),
    );
  });
});
