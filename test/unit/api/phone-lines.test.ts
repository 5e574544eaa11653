import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { phoneLinesSchema, toPhoneLines } from '../../../src/api/portal/phone-lines.ts';

const phone = fc.record({
  type: fc.stringMatching(/^[a-z][a-z_ ]{0,10}[a-z]$/),
  value: fc.stringMatching(/^\+?\d[\d -]{0,18}\d$/),
});

describe('phones as lines', () => {
  test('come back as they were shown', () => {
    fc.assert(
      fc.property(fc.array(phone, { maxLength: 10 }), (phones) => {
        expect(phoneLinesSchema.parse(toPhoneLines(phones))).toEqual(phones);
      }),
    );
  });

  test('are work phones without a type, and are refused when they are none or too many', () => {
    expect(phoneLinesSchema.parse('+49 30 1\n\n')).toEqual([{ type: 'work', value: '+49 30 1' }]);
    expect(phoneLinesSchema.safeParse('mobile: none').success).toBe(false);
    expect(phoneLinesSchema.safeParse(Array.from({ length: 11 }, (_, i) => `10${i}`).join('\n')).success).toBe(false);
  });
});
