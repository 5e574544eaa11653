import { expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS, type SyncScope } from '../../../src/user-sync/settings/settings-types.ts';
import { createWantedAccess } from '../../../src/user-sync/settings/wanted-access.ts';

test.each([
  [{}, []],
  [{ domains: ['acme.example'] }, []],
  [{ groups: ['sales@acme.example'] }, ['groups']],
  [{ orgUnits: ['/Sales'] }, ['orgUnits']],
  [{ groups: ['sales@acme.example'], orgUnits: ['/Sales'] }, ['groups', 'orgUnits']],
] as const)('A scope of %j calls for the access %j.', async (scope, expected) => {
  const settings = { ...DEFAULT_SETTINGS, scope: { ...DEFAULT_SETTINGS.scope, ...(scope as Partial<SyncScope>) } };
  expect(await createWantedAccess({ read: async () => settings })('tenant')).toEqual(expected);
});
