import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createScopeRule, groupsOf } from '../../../src/user-sync/plan/scope.ts';
import { type Profile, toProfile } from '../../../src/user-sync/reading/profile.ts';
import { DEFAULT_SETTINGS, type SyncScope } from '../../../src/user-sync/settings/settings-types.ts';

const ada = toProfile({ id: '101', primaryEmail: 'Ada@acme.example', orgUnitPath: '/Sales/North' });

const rule = (scope: Partial<SyncScope>) => createScopeRule({ ...DEFAULT_SETTINGS.scope, ...scope });

describe('a scope', () => {
  test.each([
    ['all users', {}, true],
    ['only this one, by id', { type: 'only', users: ['101'] }, true],
    ['only this one, by address in another case', { type: 'only', users: ['ADA@ACME.example'] }, true],
    ['only another one', { type: 'only', users: ['102'] }, false],
    ['all except this one', { type: 'except', users: ['ada@acme.example'] }, false],
    ['the unit above', { orgUnits: ['/Sales'] }, true],
    ['the unit above in another case', { orgUnits: ['/SALES/'] }, true],
    ['the root unit', { orgUnits: ['/'] }, true],
    ['a unit whose name only begins alike', { orgUnits: ['/Sale'] }, false],
    ['the domain', { domains: ['ACME.example'] }, true],
    ['another domain', { domains: ['beta.example'] }, false],
    ['a domain above', { domains: ['example'] }, false],
    ['several domains, a secondary one too', { domains: ['beta.example', 'acme.example'] }, true],
  ] as const)('of %s takes the person in: %s', (_, scope, expected) => {
    expect(rule(scope as Partial<SyncScope>)(ada, false)).toBe(expected);
  });

  test('with groups takes in their members only', () => {
    expect(rule({ groups: ['sales@acme.example'] })(ada, true)).toBe(true);
    expect(rule({ groups: ['sales@acme.example'] })(ada, false)).toBe(false);
  });

  test('without groups asks nobody to be in one', () => {
    expect(rule({})(ada, false)).toBe(true);
    expect(rule({})(ada, true)).toBe(true);
  });

  test('that names a person by id follows them through a new address and a new domain', () => {
    const renamed = { ...ada, email: 'ada.king@beta.example' };
    expect(rule({ type: 'only', users: ['101'] })(renamed, false)).toBe(true);
    expect(rule({ type: 'except', users: ['101'] })(renamed, false)).toBe(false);
  });

  test('that names an address means whoever has it now, so it follows nobody', () => {
    const byAddress = rule({ type: 'only', users: ['ada@acme.example'] });
    expect(byAddress({ ...ada, email: 'ada.king@acme.example' }, false)).toBe(false);
    expect(byAddress({ ...ada, googleId: '202' }, false)).toBe(true);
  });

  test('that names a person by id does not mean another one, made anew with the same address', () => {
    expect(rule({ type: 'only', users: ['101'] })({ ...ada, googleId: '202' }, false)).toBe(false);
    expect(rule({ type: 'except', users: ['101'] })({ ...ada, googleId: '202' }, false)).toBe(true);
  });

  test('of a domain loses who moves to another one, and of both domains does not', () => {
    const moved = { ...ada, email: 'ada@beta.example' };
    expect(rule({ domains: ['acme.example'] })(moved, false)).toBe(false);
    expect(rule({ domains: ['acme.example', 'Beta.Example'] })(moved, false)).toBe(true);
  });
});

const domains = ['acme.example', 'beta.example', 'labs.acme.example'];
const paths = ['/', '/Sales', '/Sales/North', '/Salesforce', '/Köln'];
const anyProfile: fc.Arbitrary<Profile> = fc
  .record({
    id: fc.constantFrom('1', '2', '3', '4'),
    domain: fc.constantFrom(...domains),
    path: fc.constantFrom(...paths),
  })
  .map(({ id, domain, path }) => toProfile({ id, primaryEmail: `p${id}@${domain}`, orgUnitPath: path }));
const anyUser = fc.oneof(
  fc.constantFrom('1', '2', '3'),
  fc.tuple(fc.constantFrom('1', '2', '3'), fc.constantFrom(...domains)).map(([id, domain]) => `P${id}@${domain}`),
);
const anyScope: fc.Arbitrary<SyncScope> = fc.record({
  type: fc.constantFrom('all', 'only', 'except'),
  users: fc.array(anyUser, { maxLength: 3 }),
  orgUnits: fc.array(fc.constantFrom(...paths), { maxLength: 2 }),
  groups: fc.array(fc.constantFrom('a@acme.example', 'b@acme.example'), { maxLength: 2 }),
  domains: fc.array(fc.constantFrom(...domains), { maxLength: 2 }),
});
const everything = fc.tuple(anyScope, anyProfile, fc.boolean());

const upper = (texts: readonly string[]) => texts.map((text) => text.toUpperCase());

describe('of every scope and everybody it holds that', () => {
  test('“only” and “except” the same people share nobody, and together they are “all”', () => {
    fc.assert(
      fc.property(everything, ([scope, profile, inGroup]) => {
        const takes = (type: SyncScope['type']) => createScopeRule({ ...scope, type })(profile, inGroup);
        expect(takes('only') && takes('except')).toBe(false);
        expect(takes('only') || takes('except')).toBe(takes('all'));
      }),
    );
  });

  test('each further list only ever narrows, and a longer list only ever widens', () => {
    fc.assert(
      fc.property(everything, fc.constantFrom('orgUnits', 'groups', 'domains'), ([scope, profile, inGroup], list) => {
        const takes = (value: readonly string[]) => createScopeRule({ ...scope, [list]: value })(profile, inGroup);
        expect(Number(takes(scope[list]))).toBeLessThanOrEqual(Number(takes([])));
        if (scope[list].length > 0) {
          const more = [
            ...scope[list],
            ...(list === 'domains' ? domains : list === 'groups' ? ['c@x.example'] : paths),
          ];
          expect(Number(takes(scope[list]))).toBeLessThanOrEqual(Number(takes(more)));
        }
      }),
    );
  });

  test('neither case nor order nor repetition matters', () => {
    fc.assert(
      fc.property(everything, ([scope, profile, inGroup]) => {
        const same: SyncScope = {
          type: scope.type,
          users: [...upper(scope.users), ...scope.users].toReversed(),
          orgUnits: upper(scope.orgUnits).toReversed(),
          groups: upper(scope.groups),
          domains: [...upper(scope.domains), ...scope.domains],
        };
        expect(createScopeRule(same)(profile, inGroup)).toBe(createScopeRule(scope)(profile, inGroup));
        expect(groupsOf(same)).toEqual(groupsOf(scope));
      }),
    );
  });

  test('membership decides alone once a scope has groups and nothing else, and never when it has none', () => {
    fc.assert(
      fc.property(everything, ([scope, profile, inGroup]) => {
        const groupsOnly = createScopeRule({ ...DEFAULT_SETTINGS.scope, groups: ['a@acme.example'] });
        expect(groupsOnly(profile, inGroup)).toBe(inGroup);
        const none = createScopeRule({ ...scope, groups: [] });
        expect(none(profile, true)).toBe(none(profile, false));
      }),
    );
  });
});
