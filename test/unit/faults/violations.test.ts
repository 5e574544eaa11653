import { describe, expect, test } from '@jest/globals';
import type { GoogleUser } from '../../support/faults/directory-churn.ts';
import { type Facts, judge } from '../../support/faults/violations.ts';

const google = (id: string, change: object = {}): GoogleUser => ({
  id,
  primaryEmail: `${id}@acme.example`,
  name: { givenName: 'Ada', familyName: id, fullName: `Ada ${id}` },
  suspended: false,
  archived: false,
  ...change,
});

const extension = (id: string, number: string, change: object = {}) => ({
  ...{ id: `user-${id}`, google_id: id, extension_number: number, display_name: `Ada ${id}` },
  ...{ email: `${id}@acme.example`, given_name: 'Ada', family_name: id, department: null, title: null, enabled: true },
  ...change,
});

const row = (id: string, number: string, change: object = {}) => ({
  ...{ run_id: 'run', seq: Number(number), google_id: id, extension_user_id: `user-${id}`, action: 'create' },
  ...{ status: 'done', extension_number: number },
  after: { displayName: `Ada ${id}`, email: `${id}@acme.example`, enabled: true },
  ...change,
});

const run = (change: object = {}) => ({
  ...{ id: 'run', state: 'succeeded', finished: true, dry_run: false, total: 2, done: 2, failed: 0, resumed: 0 },
  ...{ counts: { create: 2 }, problem_code: null, problem_message: null, approved: 0 },
  ...change,
});

const right: Facts = {
  extensions: [extension('a', '1000'), extension('b', '1001')],
  runs: [run()],
  log: [row('a', '1000'), row('b', '1001')],
};
const people = [google('a'), google('b')];

describe('what the fault run looks for', () => {
  test('is nothing when all is right', () => {
    expect(judge(right, people, new Map())).toEqual([]);
  });

  test.each<[string, Facts, GoogleUser[]]>([
    ['somebody without an extension', right, [...people, google('c')]],
    ['somebody with two', { ...right, extensions: [...right.extensions, extension('a', '1002')] }, people],
    [
      'an extension of nobody',
      { ...right, extensions: [...right.extensions, extension('c', '9', { google_id: null })] },
      people,
    ],
    [
      'somebody disabled wrongly',
      { ...right, extensions: [extension('a', '1000', { enabled: false }), extension('b', '1001')] },
      people,
    ],
    ['a leaver who is still enabled', right, [google('a')]],
    ['a suspended person who is still enabled', right, [google('a', { suspended: true }), google('b')]],
    ['other details than at Google', right, [google('a', { name: { fullName: 'Grace' } }), google('b')]],
    ['one number for two', { ...right, extensions: [extension('a', '1001'), extension('b', '1001')] }, people],
    ['a run that is left open', { ...right, runs: [run({ finished: false, state: 'applying' })] }, people],
    ['a run that failed', { ...right, runs: [run({ state: 'failed' })] }, people],
    ['sums that are not those of the rows', { ...right, runs: [run({ done: 1 })] }, people],
    ['counts that are not those of the rows', { ...right, runs: [run({ counts: { create: 3 } })] }, people],
    [
      'a row that was never applied',
      { ...right, log: [row('a', '1000'), row('b', '1001', { status: 'planned' })] },
      people,
    ],
    ['a log that tells another number', { ...right, log: [row('a', '1000'), row('b', '1009')] }, people],
  ])('%s', (_, facts, directory) => {
    expect(judge(facts, directory, new Map())).not.toEqual([]);
  });

  test('a number that changed, and an extension that vanished', () => {
    expect(judge(right, people, new Map([['a', '2000']]))).toEqual(['a changed from 2000 to 1000']);
    expect(judge(right, people, new Map([['gone', '2000']]))).toEqual(['the extension of gone is gone']);
  });
});
