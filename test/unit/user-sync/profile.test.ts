import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type GoogleUserLike, hashProfile, toPbxFields, toProfile } from '../../../src/user-sync/reading/profile.ts';

const user = (change: Partial<GoogleUserLike> = {}): GoogleUserLike => ({
  id: '101',
  primaryEmail: 'ada@acme.example',
  name: { fullName: 'Ada Lovelace', givenName: 'Ada', familyName: 'Lovelace' },
  ...change,
});

describe('a profile', () => {
  test.each([
    ['the display name', { displayName: 'Countess', fullName: 'Ada Lovelace' }, 'Countess'],
    ['the full name', { fullName: 'Ada Lovelace' }, 'Ada Lovelace'],
    ['given and family name', { givenName: 'Ada', familyName: 'Lovelace' }, 'Ada Lovelace'],
    ['the address before the @', { fullName: ' ' }, 'ada'],
  ])('is called by %s when that is the best there is', (_, name, expected) => {
    expect(toProfile(user({ name })).displayName).toBe(expected);
  });

  test('takes department and title from the primary organization', () => {
    const organizations = [{ title: 'Old' }, { title: 'Analyst', department: 'Engines', primary: true }];
    expect(toProfile(user({ organizations }))).toMatchObject({ title: 'Analyst', department: 'Engines' });
  });

  test('loses what a database refuses and nothing else', () => {
    const profile = toProfile(user({ name: { fullName: 'Ada\u0000 \ud800Love\nlace 山田 👩🏽‍💻' } }));
    expect(profile.displayName).toBe('Ada  Love lace 山田 👩🏽‍💻');
  });

  test('is cut between characters, never inside one', () => {
    const { displayName } = toProfile(user({ name: { fullName: '👍'.repeat(200) } }));
    expect(displayName).toBe('👍'.repeat(128));
  });

  test('survives anything that stands where phones and organizations should', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (phones, organizations) => {
        const fields = toPbxFields(toProfile(user({ phones, organizations })));
        expect(fields.displayName.length).toBeGreaterThan(0);
        expect(fields.phones.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  test('has the same hash for the same person, and another when anything that sync looks at changes', () => {
    const hash = hashProfile(toProfile(user()));
    expect(hashProfile(toProfile({ ...user() }))).toBe(hash);
    for (const change of [{ suspended: true }, { orgUnitPath: '/Sales' }, { primaryEmail: 'ada@other.example' }]) {
      expect(hashProfile(toProfile(user(change)))).not.toBe(hash);
    }
  });
});
