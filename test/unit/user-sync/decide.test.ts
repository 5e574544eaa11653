import { describe, expect, test } from '@jest/globals';
import { type Candidate, type DecisionRules, decide, type EmailMatch } from '../../../src/user-sync/decide.ts';
import type { Profile } from '../../../src/user-sync/profile.ts';
import { toPbxFields } from '../../../src/user-sync/profile.ts';

const profile: Profile = {
  googleId: '101',
  email: 'ada@acme.example',
  givenName: 'Ada',
  familyName: 'Lovelace',
  displayName: 'Ada Lovelace',
  phones: [{ type: 'work', value: '+44 20 1' }],
  department: 'Engines',
  title: 'Analyst',
  orgUnitPath: '/',
  suspended: false,
  archived: false,
};

const rules: DecisionRules = {
  isInScope: () => true,
  leavers: { suspended: 'disable', archived: 'disable', deleted: 'disable', outOfScope: 'disable' },
  linkByEmail: true,
};

const bound = (change: Partial<Candidate['bound'] & object> = {}): NonNullable<Candidate['bound']> => ({
  userId: 'u1',
  extensionNumber: 1000,
  revision: 3,
  state: { ...toPbxFields(profile), enabled: true },
  disabledBy: null,
  ...change,
});

const match = (boundTo: string | null = null): EmailMatch => ({ ...bound(), boundTo });

const candidate = (change: Partial<Candidate> = {}): Candidate => ({
  googleId: '101',
  listed: true,
  profile,
  bound: null,
  emailMatches: [],
  emailTakenEarlier: false,
  ...change,
});

const actionAndReason = (change: Partial<Candidate>, changedRules: Partial<DecisionRules> = {}) => {
  const decision = decide(candidate(change), { ...rules, ...changedRules });
  return decision && [decision.action, decision.reason];
};

describe('a person without an extension', () => {
  test('is created with the details Google has', () => {
    expect(decide(candidate(), rules)).toMatchObject({
      action: 'create',
      reason: 'new-person',
      after: { displayName: 'Ada Lovelace', email: 'ada@acme.example', enabled: true },
    });
  });

  test('is linked to the one free extension with the same address', () => {
    expect(decide(candidate({ emailMatches: [match()] }), rules)).toMatchObject({
      action: 'link',
      extension: { userId: 'u1', revision: 3 },
    });
  });

  test('stays as disabled as an administrator left the extension it is linked to', () => {
    const disabled = { ...match(), state: { ...match().state, enabled: false }, disabledBy: 'administrator' as const };
    expect(decide(candidate({ emailMatches: [disabled] }), rules)?.after?.enabled).toBe(false);
  });

  test.each([
    ['suspended', { profile: { ...profile, suspended: true } }],
    ['archived', { profile: { ...profile, archived: true } }],
  ] as const)('is never created while %s', (reason, change) => {
    expect(actionAndReason(change)).toEqual(['skip', reason]);
  });

  test('is never created out of scope', () => {
    expect(actionAndReason({}, { isInScope: () => false })).toEqual(['skip', 'out-of-scope']);
  });

  test.each([
    ['several extensions have the address', { emailMatches: [match(), match()] }, 'several-extensions-with-email'],
    ['the extension belongs to another Google user', { emailMatches: [match('999')] }, 'extension-bound-to-another'],
    ['another new person has the address', { emailTakenEarlier: true }, 'email-used-twice-in-google'],
  ] as const)('is left alone and told about when %s', (_, change, reason) => {
    expect(actionAndReason(change)).toEqual(['conflict', reason]);
  });

  test('is told about, not doubled, when linking is off and the address is in use', () => {
    expect(actionAndReason({ emailMatches: [match()] }, { linkByEmail: false })).toEqual(['conflict', 'email-in-use']);
  });
});

describe('a person with an extension', () => {
  test('is left alone when nothing changed', () => {
    expect(decide(candidate({ bound: bound() }), rules)).toBeNull();
  });

  test('gets the details that changed, on the revision they were compared with', () => {
    const renamed = { ...profile, displayName: 'Ada King', familyName: 'King' };
    expect(decide(candidate({ profile: renamed, bound: bound() }), rules)).toMatchObject({
      action: 'update',
      after: { displayName: 'Ada King' },
      extension: { revision: 3, state: { displayName: 'Ada Lovelace' } },
    });
  });

  test('is enabled again when it comes back', () => {
    const disabled = bound({ state: { ...bound().state, enabled: false }, disabledBy: 'sync' });
    expect(actionAndReason({ bound: disabled })).toEqual(['enable', 'came-back']);
  });

  test('stays disabled when an administrator disabled it', () => {
    const disabled = bound({ state: { ...bound().state, enabled: false }, disabledBy: 'administrator' });
    expect(decide(candidate({ bound: disabled }), rules)).toBeNull();
  });

  test.each([
    ['suspended', { profile: { ...profile, suspended: true } }, 'suspended'],
    ['archived', { profile: { ...profile, archived: true } }, 'archived'],
    ['deleted', { listed: false }, 'deleted-in-google'],
  ] as const)('is disabled once when %s in Google', (_, change, reason) => {
    expect(actionAndReason({ ...change, bound: bound() })).toEqual(['disable', reason]);
    const disabled = bound({ state: { ...bound().state, enabled: false }, disabledBy: 'sync' });
    expect(decide(candidate({ ...change, bound: disabled }), rules)).toBeNull();
  });

  test('is kept, and the page says so, when the policy for leavers is keep', () => {
    const leavers = { ...rules.leavers, deleted: 'keep' as const };
    expect(actionAndReason({ listed: false, bound: bound() }, { leavers })).toEqual(['skip', 'kept-by-policy']);
  });
});
