import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  settingsFormSchema,
  settingsValues,
  toSettingsChange,
  toSettingsInput,
} from '../../../src/api/portal/user-sync-settings-input.ts';
import type { SyncSettings } from '../../../src/user-sync/index.ts';

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{3,12}$/), { maxLength: 4 });
const policy = fc.oneof(
  fc.constantFrom('keep' as const, 'disable' as const),
  fc.record({ deleteAfterDays: fc.integer({ min: 1, max: 3_650 }) }),
);
const extension = fc.option(fc.integer({ min: 100, max: 9_999_999_999_999 }), { nil: null });
const percent = fc.integer({ min: 0, max: 100 });
const count = fc.integer({ min: 0, max: 100_000 });
const zone = fc.constantFrom({}, { timeZone: 'Europe/Berlin' });

const settings: fc.Arbitrary<SyncSettings> = fc.record({
  mode: fc.constantFrom('automatic' as const, 'manual' as const),
  scope: fc.record({
    type: fc.constantFrom('all' as const, 'only' as const, 'except' as const),
    users: names,
    groups: names,
    orgUnits: names.map((units) => units.map((unit) => `/${unit}`)),
    domains: names,
  }),
  extensionNumbers: fc.record({ start: extension, end: extension, quarantineDays: fc.integer({ min: 0, max: 3_650 }) }),
  photos: fc.boolean(),
  largePhotos: fc.boolean(),
  linkByEmail: fc.boolean(),
  leavers: fc.record({ suspended: policy, archived: policy, deleted: policy, outOfScope: policy }),
  brakes: fc.record({
    ...{ removalPercent: percent, removalFloor: count, removalCap: count },
    ...{ failurePercent: percent, failureFloor: count },
  }),
  schedule: fc.oneof(
    zone.map((part) => ({ daily: '23:45', ...part })),
    fc.tuple(fc.integer({ min: 15, max: 10_080 }), zone).map(([every, part]) => ({ every, ...part })),
  ),
  paused: fc.constant(false),
  version: fc.integer({ min: 0, max: 1_000 }),
});

const parse = (values: Record<string, string>) => settingsFormSchema.safeParse(toSettingsInput({ values, lists: {} }));

/** A browser leaves boxes that are not ticked out. */
const asSent = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => value !== '' || !['linkByEmail', 'photos', 'largePhotos'].includes(name),
    ),
  );

describe('the form of the settings', () => {
  test('saved as it is shown changes nothing', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const parsed = parse(asSent(settingsValues(given)));
        const { paused: _, version, ...all } = given;
        expect(parsed.error).toBeUndefined();
        expect(parsed.data && toSettingsChange(parsed.data)).toEqual(all);
        expect(parsed.data?.version).toBe(version);
      }),
    );
  });

  test('asks for days only where somebody is to be deleted', () => {
    const values = settingsValues(fc.sample(settings, { numRuns: 1, seed: 1 })[0] as SyncSettings);
    const kept = parse(asSent({ ...values, suspended: 'keep', suspendedDays: 'x' }));
    expect(kept.success).toBe(true);
    for (const days of ['', '0', '3651', '1.5', 'x']) {
      const refused = parse(asSent({ ...values, suspended: 'delete', suspendedDays: days }));
      expect(refused.error?.issues.map(({ path }) => path[0])).toEqual(['suspended']);
    }
  });

  test('takes lists that were pasted with commas, empty lines and repetitions', () => {
    const values = settingsValues(fc.sample(settings, { numRuns: 1, seed: 1 })[0] as SyncSettings);
    const parsed = parse(asSent({ ...values, users: 'a@x.example, b@x.example\r\n\r\n a@x.example;c@x.example ' }));
    expect(parsed.data?.users).toEqual(['a@x.example', 'b@x.example', 'c@x.example']);
  });
});
