import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, type Decision, type DecisionRules, decide } from '../../../src/user-sync/plan/decide.ts';
import { type Profile, toPbxFields } from '../../../src/user-sync/reading/profile.ts';
import type { LeaverPolicy } from '../../../src/user-sync/settings/settings-types.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOW_MS = 1_000 * DAY_MS;

const profile: fc.Arbitrary<Profile> = fc.record({
  googleId: fc.constant('101'),
  email: fc.constantFrom('ada@acme.example', 'Ada@acme.example'),
  givenName: fc.constantFrom('Ada', null),
  familyName: fc.constantFrom('King', 'Lovelace'),
  displayName: fc.constantFrom('Ada King', 'Ada Lovelace'),
  phones: fc.constantFrom([], [{ type: 'work', value: '1' }]),
  department: fc.constantFrom('Engines', null),
  title: fc.constant(null),
  orgUnitPath: fc.constantFrom('/', '/Sales'),
  suspended: fc.boolean(),
  archived: fc.boolean(),
});

const extension = fc
  .record({ profile, disabledBy: fc.constantFrom(null, 'sync', 'administrator') })
  .map(({ profile: last, disabledBy }) => ({
    userId: 'user',
    extensionNumber: 1000,
    revision: 1,
    state: { ...toPbxFields(last), enabled: disabledBy === null },
    disabledBy: disabledBy as 'sync' | 'administrator' | null,
  }));

const bound = fc
  .record({
    extension,
    awayMs: fc.integer({ min: 0, max: 400 }).map((days) => days * DAY_MS),
    rejectedRemoval: fc.constantFrom(null, 'suspended', 'deleted-in-google', 'away-too-long'),
  })
  .map(({ extension: at, awayMs, rejectedRemoval }) => ({
    ...at,
    disabledAtMs: at.disabledBy === 'sync' ? NOW_MS - awayMs : null,
    rejectedRemoval,
  }));

const candidate: fc.Arbitrary<Candidate> = fc.record({
  googleId: fc.constant('101'),
  listed: fc.boolean(),
  profile: fc.option(profile, { nil: null, freq: 10 }),
  inScopeGroup: fc.boolean(),
  bound: fc.option(bound, { nil: null }),
  emailMatches: fc.array(
    fc
      .record({
        extension,
        boundTo: fc.constantFrom(null, '202'),
        moved: fc.boolean(),
      })
      .map(({ extension: match, boundTo, moved }) => ({ ...match, boundTo, holderMoved: boundTo !== null && moved })),
    { maxLength: 2 },
  ),
  emailTakenEarlier: fc.boolean(),
  reservedNumber: fc.constantFrom(null, 1005),
});

const policy: fc.Arbitrary<LeaverPolicy> = fc.oneof(
  fc.constantFrom('keep' as const, 'disable' as const),
  fc.integer({ min: 1, max: 365 }).map((deleteAfterDays) => ({ deleteAfterDays })),
);

const rules: fc.Arbitrary<DecisionRules> = fc
  .record({
    unit: fc.constantFrom('/', '/Sales'),
    leavers: fc.record({ suspended: policy, archived: policy, deleted: policy, outOfScope: policy }),
    linkByEmail: fc.boolean(),
  })
  .map(({ unit, ...rest }) => ({
    ...rest,
    isInScope: ({ orgUnitPath }) => unit === '/' || orgUnitPath === unit,
    nowMs: NOW_MS,
  }));

/** The person as the next plan finds it, once this decision was carried out. */
const carriedOut = (before: Candidate, { action, extension: at, after }: Decision): Candidate => {
  const facts = { disabledAtMs: null, rejectedRemoval: before.bound?.rejectedRemoval ?? null };
  switch (action) {
    case 'create':
      if (!after) throw new Error('a new extension has no details');
      return {
        ...before,
        bound: { userId: 'new', extensionNumber: 1001, revision: 1, state: after, disabledBy: null, ...facts },
        emailMatches: [],
      };
    case 'link':
    case 'update':
    case 'enable':
    case 'disable': {
      if (!at || !after) throw new Error(`nothing to ${action}`);
      const disabledBy = after.enabled ? null : (at.disabledBy ?? 'sync');
      const disabledAtMs = disabledBy === 'sync' ? (before.bound?.disabledAtMs ?? NOW_MS) : null;
      const extensionNow = { ...at, revision: at.revision + 1, state: after, disabledBy };
      return { ...before, bound: { ...extensionNow, ...facts, disabledAtMs }, emailMatches: [] };
    }
    case 'delete':
      return { ...before, bound: null, emailMatches: [], reservedNumber: at?.extensionNumber ?? null };
    case 'skip':
    case 'conflict':
      return before;
  }
};

test('once a decision is carried out there is nothing more to do for that person', () => {
  fc.assert(
    fc.property(candidate, rules, (before, given) => {
      const decision = decide(before, given);
      if (!decision) return;
      const next = decide(carriedOut(before, decision), given);
      if (decision.action === 'skip' || decision.action === 'conflict') expect(next).toEqual(decision);
      else expect([null, 'skip']).toContain(next?.action ?? null);
    }),
    { numRuns: 5_000 },
  );
});

test('nobody who is not bound is ever changed or removed, and nobody whom an administrator disabled is enabled', () => {
  fc.assert(
    fc.property(candidate, rules, (before, given) => {
      const decision = decide(before, given);
      if (!decision) return;
      if (!before.bound) expect(['create', 'link', 'skip', 'conflict']).toContain(decision.action);
      const isLocked = decision.extension?.disabledBy === 'administrator';
      if (isLocked && decision.after) expect(decision.after.enabled).toBe(false);
      if (isLocked) expect(decision.action).not.toBe('delete');
    }),
    { numRuns: 5_000 },
  );
});
