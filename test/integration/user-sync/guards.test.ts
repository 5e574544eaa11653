import { afterEach, describe, expect, test } from '@jest/globals';
import { createBuiltInDirectory, type PbxDirectory } from '../../../src/pbx/index.ts';
import type { Guards } from '../../../src/user-sync/index.ts';
import { peopleFrom } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld, type SyncWorldOptions } from '../../support/sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

/** A PBX that refuses every new user. */
const refusing: NonNullable<SyncWorldOptions['pbxOf']> = (orm, tenantId): PbxDirectory => ({
  ...createBuiltInDirectory(orm, tenantId),
  apply: (changes, settle) =>
    settle(
      changes.map(({ userId }) => ({ userId, result: 'failed', code: 'PBX_VALUE_REJECTED', message: 'Refused.' })),
    ),
});

const enabled = async (): Promise<number> =>
  (await world.people.list({ tenantId: world.tenantId, limit: 500 })).filter((person) => person.enabled).length;

const withEverybody = async (options: SyncWorldOptions): Promise<void> => {
  world = await createSyncWorld(options);
  world.directory.people = peopleFrom(1, 40);
  await world.runOnce();
  world.now.value = new Date(world.now.value.getTime() + 60_000);
};

const noBrakes = () =>
  world.userSync.settings.save({
    tenantId: world.tenantId,
    change: {
      brakes: { removalPercent: 100, removalFloor: 1_000, removalCap: 1_000, failurePercent: 40, failureFloor: 10 },
    },
  });

/** Plans and applies after a reading of which only the first pages were stored. */
const syncFromHalfAList = async (): Promise<void> => {
  const { runId } = await world.userSync.runs.request({
    tenantId: world.tenantId,
    requestedBy: null,
    trigger: 'manual',
  });
  const key = { tenantId: world.tenantId, runId };
  world.directory.faults = [undefined, undefined, new Error('the list breaks off here')];
  await world.userSync.readDirectory(key, world.control).catch(() => undefined);
  await world.userSync.makePlan(key, world.control).catch(() => undefined);
  await world.userSync.applyPlan(key, world.control);
};

type Guarantee = {
  readonly guarantee: string;
  /** Takes away what the guarantee stands on. */
  readonly without: Partial<Guards>;
  /** What it is about, as a number, after everything that could break it was tried. */
  readonly tried: (guards: Partial<Guards>) => Promise<number>;
  readonly held: number;
  readonly broken: number;
};

const GUARANTEES: readonly Guarantee[] = [
  {
    guarantee: 'a list that broke off disables nobody',
    without: { isWholeListing: () => true },
    async tried(guards) {
      await withEverybody({ guards });
      await noBrakes();
      await syncFromHalfAList();
      return enabled();
    },
    held: 40,
    broken: 10,
  },
  {
    guarantee: 'a list of nobody disables nobody',
    without: { isWholeListing: ({ complete }) => complete },
    async tried(guards) {
      await withEverybody({ guards });
      await noBrakes();
      world.directory.people = [];
      await world.runOnce().catch(() => undefined);
      return enabled();
    },
    held: 40,
    broken: 0,
  },
  {
    guarantee: 'a directory that shrinks by half disables nobody until an administrator says so',
    without: { mustHoldRemovals: () => false },
    async tried(guards) {
      await withEverybody({ guards });
      world.directory.people = peopleFrom(1, 20);
      await world.runOnce();
      return enabled();
    },
    held: 40,
    broken: 20,
  },
  {
    guarantee: 'a directory that shrinks bit by bit within a day disables no more than one that shrinks at once',
    without: { mustHoldRemovals: ({ planned }, { removalCap }) => planned > removalCap },
    async tried(guards) {
      await withEverybody({ guards });
      for (let left = 36; left >= 20; left -= 4) {
        world.directory.people = peopleFrom(1, left);
        world.now.value = new Date(world.now.value.getTime() + 60 * 60_000);
        await world.runOnce();
      }
      return enabled();
    },
    held: 32,
    broken: 20,
  },
  {
    guarantee: 'a narrower scope disables nobody before somebody has looked at it',
    without: { mustPreviewScope: () => false },
    async tried(guards) {
      await withEverybody({ guards });
      const scope = { type: 'except', users: ['person1@acme.example'], orgUnits: [], groups: [], domains: [] } as const;
      await world.userSync.settings.save({ tenantId: world.tenantId, change: { scope } });
      await world.runOnce();
      return enabled();
    },
    held: 40,
    broken: 39,
  },
  {
    guarantee: 'a run whose changes are refused stops before it has tried them all',
    without: { mustStopForFailures: () => false },
    async tried(guards) {
      world = await createSyncWorld({ guards, pbxOf: refusing });
      world.directory.people = peopleFrom(1, 40);
      await world.runOnce().catch(() => undefined);
      const [run] = await world.userSync.runs.list({ tenantId: world.tenantId, limit: 1 });
      return run?.failed ?? 0;
    },
    held: 10,
    broken: 40,
  },
];

describe.each(GUARANTEES)('$guarantee', ({ without, tried, held, broken }) => {
  test('and it is this guard that sees to it: without it the guarantee falls', async () => {
    expect(await tried({})).toBe(held);
    await world.close();
    expect(await tried(without)).toBe(broken);
  });
});
