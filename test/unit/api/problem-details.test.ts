import { describe, expect, test } from '@jest/globals';
import { statusOf, toAppError } from '../../../src/api/problem-details.ts';

const failed = (code: string) => Object.assign(new Error('connect 10.0.0.7:5432 secret'), { code });

describe('an error that nobody raised on purpose', () => {
  test.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '08006'])('is told as an outage when it is one: %s', (code) => {
    const error = toAppError(new Error('driver', { cause: failed(code) }));
    expect([error.code, statusOf(error)]).toEqual(['UNAVAILABLE', 503]);
    expect(error.publicMessage).not.toContain('secret');
  });

  test('says nothing about itself otherwise', () => {
    const error = toAppError(failed('22P02'));
    expect([error.code, statusOf(error)]).toEqual(['INTERNAL', 500]);
    expect(error.publicMessage).not.toContain('secret');
  });
});
