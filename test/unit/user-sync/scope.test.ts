import { describe, expect, test } from '@jest/globals';
import { toProfile } from '../../../src/user-sync/profile.ts';
import { createScopeRule } from '../../../src/user-sync/scope.ts';
import { DEFAULT_SETTINGS, type SyncScope } from '../../../src/user-sync/settings-types.ts';

const ada = toProfile({ id: '101', primaryEmail: 'Ada@acme.example', orgUnitPath: '/Sales/North' });

const takesIn = (scope: Partial<SyncScope>) => createScopeRule({ ...DEFAULT_SETTINGS.scope, ...scope })(ada);

describe('a scope', () => {
  test.each([
    ['all users', {}, true],
    ['only this one, by id', { type: 'only', users: ['101'] }, true],
    ['only this one, by address in another case', { type: 'only', users: ['ADA@ACME.example'] }, true],
    ['only another one', { type: 'only', users: ['102'] }, false],
    ['all except this one', { type: 'except', users: ['ada@acme.example'] }, false],
    ['the unit above', { orgUnits: ['/Sales'] }, true],
    ['the root unit', { orgUnits: ['/'] }, true],
    ['a unit whose name only begins alike', { orgUnits: ['/Sale'] }, false],
    ['the domain', { domains: ['ACME.example'] }, true],
    ['another domain', { domains: ['beta.example'] }, false],
  ] as const)('of %s takes the person in: %s', (_, scope, expected) => {
    expect(takesIn(scope as Partial<SyncScope>)).toBe(expected);
  });
});
