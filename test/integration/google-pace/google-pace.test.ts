import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { TenantEntity } from '../../../src/db/entities/index.ts';
import { type Orm, openOrm } from '../../../src/db/orm.ts';
import { AppError } from '../../../src/errors.ts';
import { type GooglePace, type GoogleUrgency, inTurn } from '../../../src/google/index.ts';
import { createGooglePace } from '../../../src/google-pace/index.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let orms: Orm[];
let project: string;
let tenantId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  orms = await Promise.all([1, 2].map(() => openOrm({ databaseUrl: database.url, maxConnections: 5 })));
});
afterAll(async () => {
  await Promise.all(orms.map((orm) => orm.close(true)));
  await database.drop();
});

const db = () => (orms[0] as Orm).em.fork();
const tenantOf = async (projectKey: string): Promise<string> => {
  const id = randomUUID();
  const em = db();
  await em.insert(TenantEntity, { id, kind: 'customer', name: 'A', sipDomain: `${id}.example`, version: 1 } as never);
  await sql`insert into integrations (id, tenant_id, client_id, client_secret)
    values (${randomUUID()}, ${id}, ${`${projectKey}-abc.apps.googleusercontent.com`}, 'sealed')`.execute(
    em.getKysely(),
  );
  return id;
};
const inProcess = (n: 0 | 1, queriesPerMinute: number): GooglePace =>
  createGooglePace({ orm: orms[n] as Orm, quota: { queriesPerMinute } });
const never = new AbortController().signal;
const asks = (who: string, urgency: GoogleUrgency, permits = 1) => ({
  tenantId: who,
  urgency,
  permits,
  signal: never,
});
const timed = async <T>(work: Promise<T>): Promise<{ ms: number; result: T }> => {
  const startedAt = performance.now();
  const result = await work;
  return { ms: performance.now() - startedAt, result };
};
const busy = { code: 'GOOGLE_QUOTA_IN_USE', kind: 'throttled' };

beforeEach(async () => {
  project = String(Math.floor(Math.random() * 1e12));
  tenantId = await tenantOf(project);
});

describe('the queue of a project', () => {
  test('gives away no more than its share of the quota, however many processes and tenants ask', async () => {
    const other = await tenantOf(project);
    const perMinute = 12_000;
    let given = 0;
    const ask = async (pace: GooglePace, who: string) => {
      while (given < 200) given += (await pace.take(asks(who, 'photos', 20))).permits;
    };
    const { ms } = await timed(
      Promise.all([ask(inProcess(0, perMinute), tenantId), ask(inProcess(1, perMinute), other)]),
    );
    expect(ms).toBeGreaterThan(((200 - 40) / (perMinute * 0.95)) * 60_000);
  });

  test('lets one tenant alone have the whole share', async () => {
    const pace = inProcess(0, 12_000);
    let given = 0;
    const { ms } = await timed(
      (async () => {
        while (given < 380) given += (await pace.take(asks(tenantId, 'photos', 1_000))).permits;
      })(),
    );
    expect(given).toBe(380);
    expect(ms).toBeLessThan(1_800);
  });

  test('gives small blocks in turn while two tenants ask', async () => {
    const pace = inProcess(0, 2_400);
    const other = await tenantOf(project);
    expect((await pace.take(asks(tenantId, 'photos', 38))).permits).toBe(38);
    expect((await pace.take(asks(other, 'photos', 38))).permits).toBe(9);
    expect((await pace.take(asks(tenantId, 'photos', 38))).permits).toBe(9);
  });

  test('makes a listing wait behind no pictures', async () => {
    const pace = inProcess(0, 2_400);
    const small = await tenantOf(project);
    await pace.take(asks(tenantId, 'photos', 38));
    const pictures = pace.take(asks(tenantId, 'photos', 38));
    const { ms } = await timed(pace.take(asks(small, 'manual')));
    expect(ms).toBeLessThan(500);
    await pictures;
  });

  test('gives a turn that is far away back, and takes nothing for it', async () => {
    const pace = inProcess(0, 60);
    await pace.take(asks(tenantId, 'scheduled'));
    await queueUp(project, 60);
    const refused = pace.take(asks(tenantId, 'manual'));
    await expect(refused).rejects.toMatchObject(busy);
    const error = await refused.catch((reason: unknown) => reason);
    const { retryAfterMs } = error as AppError;
    expect(retryAfterMs).toBeGreaterThan(55_000);
    expect(retryAfterMs).toBeLessThan(60_000);
    expect(await queueSeconds(project)).toBeLessThan(60.5);
  });

  test('lets one person pass by whoever only follows the schedule', async () => {
    const pace = inProcess(0, 600);
    await pace.take(asks(tenantId, 'scheduled'));
    await queueUp(project, 2.5);
    const [person, scheduled] = await Promise.all([
      timed(pace.take(asks(tenantId, 'person'))),
      timed(pace.take(asks(tenantId, 'scheduled'))),
    ]);
    expect(person.ms).toBeLessThan(500);
    expect(scheduled.ms).toBeGreaterThan(1_000);
  });

  test('ends the wait of whoever is stopped', async () => {
    const pace = inProcess(0, 60);
    await pace.take(asks(tenantId, 'photos'));
    const stop = new AbortController();
    const waiting = pace.take({ ...asks(tenantId, 'photos'), signal: stop.signal });
    stop.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow();
  });

  test('is not asked by a tenant without a Google project', async () => {
    const unknown = randomUUID();
    expect(await inProcess(0, 60).take(asks(unknown, 'photos', 5))).toMatchObject({ permits: 5 });
  });
});

describe('a refusal of Google', () => {
  const rate = (retryAfterMs?: number) => new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs });

  test('of the rate holds back the whole project as long as told, in every process, and no other project', async () => {
    const neighbour = await tenantOf(project);
    const stranger = await tenantOf(`${project}9`);
    const send = () => inTurn(inProcess(0, 2_400), asks(tenantId, 'manual'), () => Promise.reject(rate(30_000)));
    await expect(send()).rejects.toMatchObject({ code: 'GOOGLE_RATE_LIMITED' });
    const pace = inProcess(1, 2_400);
    const refused = await pace.take(asks(neighbour, 'person')).catch((error: AppError) => error);
    expect(refused).toMatchObject(busy);
    expect((refused as AppError).retryAfterMs).toBeGreaterThan(28_000);
    await expect(pace.take(asks(stranger, 'photos'))).resolves.toMatchObject({ permits: 1 });
  });

  test('of one account holds back that account only, and halves what it is asked at a time', async () => {
    const neighbour = await tenantOf(project);
    const pace = inProcess(0, 2_400);
    await pace.take(asks(tenantId, 'manual'));
    await pace.slowDown(tenantId, new AppError('GOOGLE_ACCOUNT_BUSY', 'busy', { retryAfterMs: 40 }));
    expect(await pace.take(asks(neighbour, 'manual'))).toEqual({ permits: 1, parallel: 10 });
    const { ms, result } = await timed(pace.take(asks(tenantId, 'manual')));
    expect(ms).toBeGreaterThan(20);
    expect(result.parallel).toBe(5);
    await sql`update google_account_pace set refused_at = refused_at - interval '30 seconds'`.execute(db().getKysely());
    expect((await pace.take(asks(tenantId, 'manual'))).parallel).toBe(8);
  });

  test('without a time doubles the pause each time, once for all requests that were under way', async () => {
    const pace = inProcess(0, 2_400);
    await pace.take(asks(tenantId, 'manual'));
    const pauses: number[] = [];
    for (let round = 0; round < 4; round++) {
      await Promise.all([1, 2, 3].map(() => pace.slowDown(tenantId, rate())));
      pauses.push(await pauseSeconds(project));
      await sql`update google_project_pace set paused_until = now() where project_key = ${project}`.execute(
        db().getKysely(),
      );
    }
    pauses.forEach((seconds, round) => {
      expect(seconds).toBeGreaterThan(2 ** round - 0.5);
      expect(seconds).toBeLessThan(2 ** round + 1.1);
    });
  });

  test('now and then, without a time, stays a short pause', async () => {
    const pace = inProcess(0, 2_400);
    await pace.take(asks(tenantId, 'manual'));
    for (let time = 0; time < 10; time++) {
      await pace.slowDown(tenantId, rate());
      expect(await pauseSeconds(project)).toBeLessThan(2.1);
      await sql`update google_project_pace set paused_until = now() - interval '6 seconds'
        where project_key = ${project}`.execute(db().getKysely());
    }
  });

  test('of the daily limit without a time is asked about again in an hour', async () => {
    const pace = inProcess(0, 2_400);
    await pace.take(asks(tenantId, 'manual'));
    await pace.slowDown(tenantId, new AppError('GOOGLE_DAILY_LIMIT_REACHED', 'enough'));
    expect(await pauseSeconds(project)).toBeGreaterThan(3_590);
  });

  test('for another reason than the quota holds nobody back', async () => {
    const pace = inProcess(0, 2_400);
    const gone = () => Promise.reject(new AppError('GOOGLE_UNAVAILABLE', 'away', { retryAfterMs: 60_000 }));
    await expect(inTurn(pace, asks(tenantId, 'manual'), gone)).rejects.toMatchObject({ code: 'GOOGLE_UNAVAILABLE' });
    await expect(pace.take(asks(tenantId, 'manual'))).resolves.toMatchObject({ permits: 1 });
  });
});

const queueUp = (projectKey: string, seconds: number) =>
  sql`update google_project_pace set next_at = now() + ${seconds} * interval '1 second'
    where project_key = ${projectKey}`.execute(db().getKysely());

const secondsOf = async (column: 'next_at' | 'paused_until', projectKey: string): Promise<number> => {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from ${sql.ref(column)} - clock_timestamp())::float8 as seconds
    from google_project_pace where project_key = ${projectKey}`.execute(db().getKysely());
  return rows[0]?.seconds ?? Number.NaN;
};
const queueSeconds = (projectKey: string) => secondsOf('next_at', projectKey);
const pauseSeconds = (projectKey: string) => secondsOf('paused_until', projectKey);
