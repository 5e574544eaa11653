import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createUserSyncActivities } from '../../src/activities/user-sync.ts';
import type { DirectoryPage } from '../../src/google/index.ts';
import { createRunStarter } from '../../src/temporal/run-starter.ts';
import { person } from '../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../support/sync-world.ts';
import { createTemporalWorld, type TemporalWorld } from '../support/temporal-world.ts';

const PAGE = 10;
const LARGE = 20_000;
const SMALL = 50;
/** More than the slots that a worker has for Google. */
const LARGE_TENANTS = 24;
const SLOTS = 10;

let world: SyncWorld;
let temporal: TemporalWorld;
let small: string;
/** Tenants in the order in which a worker began a stretch of reading for them. */
let begun: string[];
/** How many stretches had begun when the small tenant's reading was the next step. */
let before: number;

/** Everybody's directory, told apart by the token; a page takes a moment, as Google's does. */
const listUsers = async (request: { accessToken: string; pageToken?: string | undefined }): Promise<DirectoryPage> => {
  await new Promise((resolve) => setTimeout(resolve, 25));
  const from = Number(request.pageToken ?? 0);
  const count = request.accessToken === small ? SMALL : LARGE;
  const users = Array.from({ length: PAGE }, (_, i) => person(from + i));
  return { users, nextPageToken: from + PAGE < count ? String(from + PAGE) : undefined };
};

beforeEach(async () => {
  world = await createSyncWorld({ pace: { readStretchMs: 400 } });
  temporal = createTemporalWorld();
  const starter = createRunStarter(temporal.client, temporal.queues);
  world.starter.requestRun = (run) => starter.requestRun(run);
  world.starter.cancelRun = (run) => starter.cancelRun(run);
  Object.defineProperty(world.now, 'value', { get: () => new Date() });
  world.directory.listUsers = listUsers;
  world.access.getAccessToken = async (tenantId) => tenantId;
  small = world.tenantId;
  begun = [];
  before = 0;
});
afterEach(async () => {
  await temporal.close();
  await world.close();
});

const work = () => {
  const activities = createUserSyncActivities(world.userSync);
  return temporal.start({
    ...activities,
    async describeRun(key: { tenantId: string; runId: string }) {
      const description = await activities.describeRun(key);
      if (key.tenantId === small) before = begun.length;
      return description;
    },
    readDirectory(key: { tenantId: string; runId: string }) {
      begun.push(key.tenantId);
      return activities.readDirectory(key);
    },
  });
};
const request = async (tenantId: string, trigger: 'manual' | 'schedule') =>
  (await world.userSync.runs.request({ tenantId, requestedBy: null, trigger })).runId;
const until = async (what: string, holds: () => Promise<boolean>) => {
  for (const endsAt = Date.now() + 20_000; Date.now() < endsAt; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`It did not come to this: ${what}`);
};

describe('a tenant of 50', () => {
  test.each(['manual', 'schedule'] as const)(
    'starts and ends while two dozen of 20,000 take up every slot (%s)',
    async (trigger) => {
      const large = await Promise.all(Array.from({ length: LARGE_TENANTS }, () => world.newTenant()));
      const runs = await Promise.all(large.map(async (id) => ({ id, runId: await request(id, 'schedule') })));
      await work();
      await until('every large tenant has had a turn', async () => large.every((id) => begun.includes(id)));

      const runId = await request(small, trigger);
      await until('the small one is synchronized', async () => {
        const { state } = await world.userSync.runs.find(small, runId);
        return state === 'succeeded';
      });

      expect(begun.slice(before).indexOf(small)).toBeLessThan(SLOTS);
      for (const { id, runId: largeRun } of runs) {
        expect((await world.userSync.runs.find(id, largeRun)).state).toBe('reading');
      }
    },
  );
});
