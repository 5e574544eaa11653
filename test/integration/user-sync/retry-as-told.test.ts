import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createGooglePace } from '../../../src/google-pace/index.ts';
import type { Fault } from '../../../tools/google-stand-in/faults.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';
import { connect, directoryScope, type Seeded, startSeeded } from '../google-stand-in/connected.ts';

const HOUR_MS = 60 * 60_000;
const GROUP = 'all@acme.example';

let google: Seeded;
let world: SyncWorld;

beforeEach(async () => {
  google = await startSeeded({ companies: [{ domain: 'acme.example', people: 20, suspended: 0, archived: 0 }] });
  await google.control.addGroup({ email: GROUP });
  await google.control.addGroupMember({ group: GROUP, member: 'CUSTOMER' });
  const scopes = ['openid', 'email', directoryScope, 'https://www.googleapis.com/auth/admin.directory.group.readonly'];
  const oauth = await connect(google.url, google.acme, { scopes });
  world = await createSyncWorld({ google: { url: google.url, accessToken: oauth.credentials.access_token ?? '' } });
  const client = `${Math.floor(Math.random() * 1e12)}-abc.apps.googleusercontent.com`;
  await sql`insert into integrations (id, tenant_id, client_id, client_secret)
    values (${randomUUID()}, ${world.tenantId}, ${client}, 'sealed')`.execute(world.orm.em.fork().getKysely());
  Object.assign(world.googlePace, createGooglePace({ orm: world.orm, quota: { queriesPerMinute: 60_000 } }));
  const scope = { type: 'all' as const, users: [], orgUnits: [], groups: [GROUP], domains: [] };
  await world.userSync.settings.save({ tenantId: world.tenantId, change: { photos: true, scope } });
});
afterEach(async () => {
  const violations = await google.control.violations();
  await Promise.all([google.close(), world.close()]);
  expect(violations).toEqual([]);
});

const run = (runId: string) => world.userSync.runs.find(world.tenantId, runId);
const everybody = () => world.people.list({ tenantId: world.tenantId, limit: 500 });
const asked = async () => (await google.control.requests()).length;

/** The hour goes by: for the run by its clock, for all who share the quota in the database, whose clock stands still. */
const passTime = async (ms: number): Promise<void> => {
  world.now.value = new Date(world.now.value.getTime() + ms);
  for (const table of ['google_project_pace', 'google_account_pace']) {
    await sql`update ${sql.table(table)} set paused_until = clock_timestamp()`.execute(world.orm.em.fork().getKysely());
  }
};

type Progress = { readonly outcome: string; readonly retryAfterMs?: number };
type Wait = { readonly state: string; readonly code: string | null; readonly toldMs: number };

/**
 * One step as the workflow takes it: it sleeps as told and goes on. Whoever asks earlier all the same, for Google's
 * quota, is sent away without a request.
 */
const perform = async (runId: string, step: () => Promise<Progress>, waits: Wait[]): Promise<void> => {
  for (;;) {
    const { outcome, retryAfterMs } = await step();
    if (outcome === 'complete') return;
    if (retryAfterMs === undefined) continue;
    const { state, waitingCode, waitingUntil } = await run(runId);
    expect(waitingUntil).toEqual(new Date(world.now.value.getTime() + retryAfterMs));
    waits.push({ state, code: waitingCode ?? null, toldMs: retryAfterMs });
    if (waitingCode !== 'GOOGLE_UNAVAILABLE') {
      const before = await asked();
      expect(['throttled', 'paused']).toContain((await step()).outcome);
      expect(await asked()).toBe(before);
    }
    await passTime(retryAfterMs);
  }
};

const performRun = async (people?: string[]) => {
  const { tenantId, userSync } = world;
  const { runId } = people
    ? await userSync.runs.requestPeople({ tenantId, keys: people, trigger: 'one-user', requestedBy: null })
    : await userSync.runs.request({ tenantId, trigger: 'manual', requestedBy: null });
  const key = { tenantId, runId };
  const waits: Wait[] = [];
  await perform(
    runId,
    () => (people ? userSync.readPeople(key, world.control) : userSync.readDirectory(key, world.control)),
    waits,
  );
  await userSync.makePlan(key, world.control);
  await perform(runId, () => userSync.applyPlan(key, world.control), waits);
  await perform(runId, () => userSync.syncPhotos(key, world.control), waits);
  await userSync.finishRun(key);
  return { ended: await run(runId), waits };
};

const REFUSALS: Record<string, { fault: Omit<Extract<Fault, { kind: 'error' }>, 'pathPrefix'>; code: string | null }> =
  {
    '429 with the time in the text only': {
      fault: {
        kind: 'error',
        status: 429,
        reason: 'userRateLimitExceeded',
        message: 'User-rate limit exceeded.  Retry after {retryAfter}',
        retryAfterMs: HOUR_MS,
      },
      code: 'GOOGLE_RATE_LIMITED',
    },
    '403 userRateLimitExceeded': {
      fault: { kind: 'error', status: 403, reason: 'userRateLimitExceeded', retryAfterHeader: '3600' },
      code: 'GOOGLE_RATE_LIMITED',
    },
    '403 dailyLimitExceeded': {
      fault: { kind: 'error', status: 403, reason: 'dailyLimitExceeded', retryAfterHeader: '3600' },
      code: 'GOOGLE_DAILY_LIMIT_REACHED',
    },
    '503': {
      fault: { kind: 'error', status: 503, reason: 'backendError', retryAfterHeader: '3600' },
      code: 'GOOGLE_UNAVAILABLE',
    },
    '401 once': { fault: { kind: 'error', status: 401, reason: 'authError' }, code: null },
  };

const USERS = '/admin/directory/v1/users';
const WORKS = {
  'the listing of people': { pathPrefix: USERS, queryIncludes: 'maxResults', state: 'reading' },
  'the members of a group': { pathPrefix: '/admin/directory/v1/groups/', state: 'reading' },
  'a photo': { pathPrefix: `${USERS}/`, after: 2, state: 'photos' },
};

describe.each(Object.entries(REFUSALS))('%s', (_, { fault, code }) => {
  const expectTold = (waits: readonly Wait[], state: string) => {
    expect(waits.map((wait) => [wait.state, wait.code])).toEqual(code ? [[state, code]] : []);
    for (const { toldMs } of waits) expect(Math.abs(toldMs - HOUR_MS)).toBeLessThan(60_000);
  };

  test.each(Object.entries(WORKS))('for %s is waited for as told, and everybody is there', async (__, work) => {
    const { state, ...where } = work;
    await google.control.addFault({ ...fault, ...where, method: 'GET', count: 1 });
    const { ended, waits } = await performRun();
    expectTold(waits, state);
    expect(ended).toMatchObject({
      ...{ state: 'succeeded', waitingUntil: null, photosDone: google.acme.withPhoto, photosFailed: 0 },
    });
    expect((await everybody()).filter(({ enabled }) => enabled)).toHaveLength(ended.usersRead);
    expect((await google.control.faults())[0]).toMatchObject({ fired: 1 });
  });

  test('for one person of a few is waited for as told, and each of them is there', async () => {
    const scope = { type: 'all' as const, users: [], orgUnits: [], groups: [], domains: [] };
    await world.userSync.settings.save({ tenantId: world.tenantId, change: { scope } });
    await google.control.addFault({ ...fault, pathPrefix: `${USERS}/`, after: 1, count: 1 });
    const { ended, waits } = await performRun([google.acme.admin.email, google.acme.user.email]);
    expectTold(waits, 'reading');
    expect(ended).toMatchObject({ state: 'succeeded', usersRead: 2 });
    expect(await everybody()).toHaveLength(2);
  });
});
