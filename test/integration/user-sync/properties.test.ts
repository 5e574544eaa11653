import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DirectoryUser } from '../../../src/google/index.ts';
import type { PlanChange, SettingsChange } from '../../../src/user-sync/index.ts';
import { directory, type HandMade, handMade, settings } from '../../support/random-companies.ts';
import { person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 25) };
const CHANGES = ['create', 'link', 'update', 'enable', 'disable', 'delete'];

let world: SyncWorld;
beforeAll(async () => {
  world = await createSyncWorld();
});
afterAll(() => world.close());

const newCompany = async (change: SettingsChange, users: readonly HandMade[]): Promise<string> => {
  const tenantId = await world.newTenant();
  await world.userSync.settings.save({ tenantId, change });
  for (const { number, email } of users) {
    await world.people.create({
      tenantId,
      displayName: `By hand ${number}`,
      extensionNumber: number,
      ...(email !== null && { email }),
    });
  }
  return tenantId;
};

const sync = (tenantId: string, people: DirectoryUser[], request: { dryRun?: boolean; applyPlanOf?: string } = {}) => {
  world.directory.people = people;
  return world.runOnce({ tenantId, ...request });
};

const everybody = (tenantId: string) => world.people.list({ tenantId, limit: 500 });
const rowsOf = (tenantId: string, runId: string) => world.userSync.runs.listChanges({ tenantId, runId, limit: 500 });

/** What an administrator sees of everybody, without what is drawn by lot. */
const picture = async (tenantId: string) =>
  (await everybody(tenantId)).map(({ extensionNumber, displayName, email, enabled, googleId }) => ({
    extensionNumber,
    displayName,
    email,
    enabled,
    googleId,
  }));

const told = ({ googleId, action, reason, extensionNumber, before, after }: PlanChange) => ({
  googleId,
  action,
  reason,
  extensionNumber,
  before,
  after,
});

const inOrder = fc.array(directory, { minLength: 1, maxLength: 3 });

describe('for any company, any users made by hand and any settings', () => {
  test('a second plan finds nothing to do', async () => {
    await fc.assert(
      fc.asyncProperty(inOrder, handMade, settings, async (directories, users, change) => {
        const tenantId = await newCompany(change, users);
        for (const people of directories) {
          await sync(tenantId, people);
          const again = await rowsOf(tenantId, await sync(tenantId, people, { dryRun: true }));
          expect(again.filter(({ action }) => CHANGES.includes(action))).toEqual([]);
        }
      }),
      RUNS,
    );
  }, 600_000);

  test('an address that passes from one person to another does so within one sync', async () => {
    const tenantId = await newCompany({}, []);
    await sync(tenantId, [person(3), person(14, { primaryEmail: 'person1@acme.example' })]);
    await sync(tenantId, [person(3), person(14), person(1)]);
    expect((await picture(tenantId)).map(({ googleId, email }) => [googleId, email])).toEqual([
      ['100000003', 'person3@acme.example'],
      ['100000014', 'person14@acme.example'],
      ['100000001', 'person1@acme.example'],
    ]);
  });

  test('the order of the pages and their size make no difference', async () => {
    await fc.assert(
      fc.asyncProperty(
        inOrder,
        handMade,
        settings,
        fc.integer({ min: 1, max: 9 }),
        async (directories, users, change, size) => {
          const one = await newCompany(change, users);
          const other = await newCompany(change, users);
          for (const people of directories) {
            world.directory.pageSize = 5;
            await sync(one, people);
            world.directory.pageSize = size;
            await sync(other, people.toReversed());
          }
          world.directory.pageSize = 5;
          expect(await picture(other)).toEqual(await picture(one));
        },
      ),
      RUNS,
    );
  }, 600_000);

  test('a number is given once, from the range, and kept for good', async () => {
    await fc.assert(
      fc.asyncProperty(inOrder, handMade, settings, async (directories, users, change) => {
        const tenantId = await newCompany(change, users);
        const known = new Map<string, string>();
        for (const people of directories) {
          const created = (await rowsOf(tenantId, await sync(tenantId, people))).filter(
            ({ action }) => action === 'create',
          );
          const { start = null, end = null } = change.extensionNumbers ?? {};
          for (const { extensionNumber } of created) {
            expect(Number(extensionNumber)).toBeGreaterThanOrEqual(start ?? 1000);
            expect(Number(extensionNumber)).toBeLessThanOrEqual(end ?? Number.POSITIVE_INFINITY);
          }
          const now = await everybody(tenantId);
          expect(new Set(now.map(({ extensionNumber }) => extensionNumber)).size).toBe(now.length);
          for (const { googleId, extensionNumber } of now) {
            if (googleId === null) continue;
            expect(known.get(googleId) ?? extensionNumber).toBe(extensionNumber);
            known.set(googleId, extensionNumber);
          }
          expect(now.filter(({ googleId }) => googleId !== null)).toHaveLength(known.size);
        }
      }),
      RUNS,
    );
  }, 600_000);

  test('a preview and the sync that follows make the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(inOrder, handMade, settings, async (directories, users, change) => {
        const tenantId = await newCompany(change, users);
        for (const people of directories) {
          const shown = await rowsOf(tenantId, await sync(tenantId, people, { dryRun: true }));
          const done = await rowsOf(tenantId, await sync(tenantId, people));
          expect(done.map(told)).toEqual(shown.map(told));
        }
      }),
      RUNS,
    );
  }, 600_000);

  test('*Apply this preview* makes everybody exactly as the preview shows, whatever Google says by then', async () => {
    await fc.assert(
      fc.asyncProperty(
        directory,
        directory,
        directory,
        handMade,
        settings,
        async (first, seen, later, users, change) => {
          const tenantId = await newCompany(change, users);
          await sync(tenantId, first);
          const before = await everybody(tenantId);
          const preview = await sync(tenantId, seen, { dryRun: true });
          expect(await everybody(tenantId)).toEqual(before);
          const shown = (await rowsOf(tenantId, preview)).filter(({ action }) => CHANGES.includes(action));
          const applied = await rowsOf(tenantId, await sync(tenantId, later, { applyPlanOf: preview }));
          expect(applied.filter(({ action }) => CHANGES.includes(action)).map(told)).toEqual(shown.map(told));
          expect(applied.filter(({ status }) => status === 'failed' || status === 'planned')).toEqual([]);

          const after = new Map((await everybody(tenantId)).map((one) => [one.id, one]));
          for (const { extensionUserId, extensionNumber, googleId, after: wanted } of shown) {
            const state = wanted as { displayName: string; email: string; enabled: boolean };
            expect(after.get(extensionUserId ?? '')).toMatchObject({
              googleId,
              extensionNumber: String(extensionNumber),
              enabled: state.enabled,
              displayName: state.displayName,
              email: state.email,
            });
          }
          const touched = new Set(shown.map(({ extensionUserId }) => extensionUserId));
          for (const one of before) if (!touched.has(one.id)) expect(after.get(one.id)).toEqual(one);
        },
      ),
      RUNS,
    );
  }, 600_000);

  test('nobody is disabled or changed by a list that did not come to its end', async () => {
    await fc.assert(
      fc.asyncProperty(directory, directory, settings, fc.nat(), async (first, later, change, at) => {
        const tenantId = await newCompany(change, []);
        await sync(tenantId, first);
        const before = await everybody(tenantId);
        const { runId } = await world.userSync.runs.request({ tenantId, requestedBy: null, trigger: 'manual' });
        const key = { tenantId, runId };
        world.directory.people = later;
        world.directory.pageSize = 2;
        const pages = Math.ceil(later.length / 2);
        const whole: undefined[] = Array.from({ length: at % pages }, () => undefined);
        world.directory.faults = [...whole, new Error('the list breaks off here')];
        await world.userSync.readDirectory(key, world.control).catch(() => undefined);
        world.directory.faults = [];
        world.directory.pageSize = 5;
        await expect(world.userSync.makePlan(key, world.control)).rejects.toMatchObject({ code: 'SYNC_LISTING_EMPTY' });
        await world.userSync.applyPlan(key, world.control);
        expect(await everybody(tenantId)).toEqual(before);
        await world.userSync.finishRun({ ...key, stop: { kind: 'cancelled' } });
      }),
      RUNS,
    );
  }, 600_000);
});
