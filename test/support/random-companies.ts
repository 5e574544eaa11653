import fc from 'fast-check';
import type { DirectoryUser } from '../../src/google/index.ts';
import type { SettingsChange } from '../../src/user-sync/index.ts';
import { person } from './scripted-directory.ts';

const UNITS = ['/', '/Sales', '/Sales/North', '/Labs'];
const DOMAINS = ['acme.example', 'acme-labs.example'];
const MOST_PEOPLE = 14;

const address = fc
  .tuple(fc.integer({ min: 1, max: MOST_PEOPLE }), fc.constantFrom(...DOMAINS), fc.boolean())
  .map(([id, domain, capital]) => `${capital ? 'Person' : 'person'}${id}@${domain}`);

const user = (id: number): fc.Arbitrary<DirectoryUser> =>
  fc
    .record({
      // Mostly the person's own address; now and then somebody else's, as after a marriage or a new hire.
      primaryEmail: fc.oneof(
        { weight: 4, arbitrary: fc.constant(`person${id}@acme.example`) },
        { weight: 1, arbitrary: address },
      ),
      fullName: fc.constantFrom('Ada King', 'Grace Hopper', `Person No ${id}`),
      suspended: fc.boolean().map((value) => value),
      archived: fc.constantFrom(false, false, false, true),
      orgUnitPath: fc.constantFrom(...UNITS),
    })
    .chain(({ fullName, suspended, ...rest }) =>
      fc
        .integer({ min: 0, max: 3 })
        .map((n) => person(id, { ...rest, suspended: suspended && n === 0, name: { fullName } })),
    );

/** Everybody whom Google lists, in the order in which it lists them. */
export const directory: fc.Arbitrary<DirectoryUser[]> = fc
  .subarray(
    Array.from({ length: MOST_PEOPLE }, (_, i) => i + 1),
    { minLength: 1 },
  )
  .chain((ids) => fc.tuple(...ids.map(user)))
  .chain((people) => fc.shuffledSubarray(people, { minLength: people.length, maxLength: people.length }));

export type HandMade = { readonly number: number; readonly email: string | null };

/** Users that an administrator made, some with an address that somebody has at Google. */
export const handMade: fc.Arbitrary<HandMade[]> = fc.uniqueArray(
  fc.record({ number: fc.integer({ min: 1000, max: 1030 }), email: fc.option(address, { nil: null }) }),
  { maxLength: 4, selector: ({ number }) => number },
);

const policy = fc.constantFrom('keep', 'disable') as fc.Arbitrary<'keep' | 'disable'>;

/** Held back by nothing: what a brake holds is not done, so that a plan would be made of it again. */
const NO_BRAKES = {
  ...{ removalPercent: 100, removalFloor: 100_000, removalCap: 100_000 },
  ...{ failurePercent: 100, failureFloor: 100_000 },
};

export const settings: fc.Arbitrary<SettingsChange> = fc.record({
  scope: fc.record({
    type: fc.constantFrom('all', 'only', 'except'),
    users: fc.uniqueArray(address, { minLength: 1, maxLength: 4 }),
    orgUnits: fc.subarray(UNITS, { maxLength: 1 }),
    groups: fc.constant([]),
    domains: fc.subarray(DOMAINS, { maxLength: 1 }),
  }),
  extensionNumbers: fc.constantFrom(
    { start: null, end: null, quarantineDays: 90 },
    { start: 1000, end: 1006, quarantineDays: 90 },
    { start: 1010, end: 1040, quarantineDays: 0 },
  ),
  linkByEmail: fc.boolean(),
  leavers: fc.record({ suspended: policy, archived: policy, deleted: policy, outOfScope: policy }),
  brakes: fc.constant(NO_BRAKES),
});
