import { describe, expect, test } from '@jest/globals';
import { type Candidate, type DecisionRules, decide, type EmailMatch } from '../../../src/user-sync/plan/decide.ts';
import type { Profile } from '../../../src/user-sync/reading/profile.ts';
import { toPbxFields } from '../../../src/user-sync/reading/profile.ts';

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

const DAY_MS = 24 * 60 * 60_000;

const rules: DecisionRules = {
  isInScope: () => true,
  leavers: { suspended: 'disable', archived: 'disable', deleted: 'disable', outOfScope: 'disable' },
  linkByEmail: true,
  nowMs: 100 * DAY_MS,
};

const bound = (change: Partial<Candidate['bound'] & object> = {}): NonNullable<Candidate['bound']> => ({
  userId: 'u1',
  extensionNumber: 1000,
  revision: 3,
  state: { ...toPbxFields(profile), enabled: true },
  disabledBy: null,
  disabledAtMs: null,
  rejectedRemoval: null,
  ...change,
});

const match = (boundTo: string | null = null): EmailMatch => ({ ...bound(), boundTo, holderMoved: false });

const candidate = (change: Partial<Candidate> = {}): Candidate => ({
  googleId: '101',
  listed: true,
  profile,
  inScopeGroup: false,
  bound: null,
  emailMatches: [],
  emailTakenEarlier: false,
  reservedNumber: null,
  ...change,
});

const actionAndReason = (change: Partial<Candidate>, changedRules: Partial<DecisionRules> = {}) => {
  const decision = decide(candidate(change), { ...rules, ...changedRules });
  return decision && [decision.action, decision.reason];
};

describe('a person without an extension', () => {
  test('is created when whoever had the address until now is listed with another one', () => {
    expect(actionAndReason({ emailMatches: [{ ...match('999'), holderMoved: true }] })).toEqual([
      'create',
      'new-person',
    ]);
  });

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

  test('is kept, and the page says so, when an administrator refused to remove it for that reason, and only that', () => {
    const refused = bound({ rejectedRemoval: 'deleted-in-google' });
    expect(actionAndReason({ listed: false, bound: refused })).toEqual(['skip', 'kept-by-decision']);
    expect(actionAndReason({ profile: { ...profile, suspended: true }, bound: refused })).toEqual([
      'disable',
      'suspended',
    ]);
  });
});

describe('a leaver whose extension is to be deleted after 30 days', () => {
  const leavers = { ...rules.leavers, deleted: { deleteAfterDays: 30 } };
  const away = (days: number, change: Parameters<typeof bound>[0] = {}) =>
    bound({
      state: { ...bound().state, enabled: false },
      disabledBy: 'sync',
      disabledAtMs: rules.nowMs - days * DAY_MS,
      ...change,
    });
  const decided = (extension: ReturnType<typeof bound>, change: Partial<Candidate> = { listed: false }) =>
    actionAndReason({ ...change, bound: extension }, { leavers });

  test('is disabled first', () => {
    expect(decided(bound())).toEqual(['disable', 'deleted-in-google']);
  });

  test('is deleted when the days are over, and not a moment before', () => {
    expect(decided(away(30 - 1 / DAY_MS))).toBeNull();
    expect(decided(away(30))).toEqual(['delete', 'away-too-long']);
  });

  test('is enabled, not deleted, when the person is back', () => {
    expect(decided(away(300), { listed: true })).toEqual(['enable', 'came-back']);
  });

  test('is never deleted when an administrator disabled it', () => {
    expect(decided(away(300, { disabledBy: 'administrator' }))).toBeNull();
  });

  test('is disabled anew, not deleted, when an administrator enabled it in between', () => {
    expect(decided(away(300, { state: bound().state, disabledBy: null }))).toEqual(['disable', 'deleted-in-google']);
  });

  test('is kept when an administrator refused to delete it', () => {
    expect(decided(away(300, { rejectedRemoval: 'away-too-long' }))).toEqual(['skip', 'kept-by-decision']);
  });

  test('comes back as a new extension with the number that was kept', () => {
    expect(actionAndReason({ reservedNumber: 1043 }, { leavers })).toEqual(['create', 'came-back']);
  });
});
