import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';
import { connect } from '../support/automatic-tenant.ts';

let world: ApiWorld;
let tenantId: string;
let token: string;
const path = () => `/api/v1/tenants/${tenantId}/user-sync`;

beforeAll(async () => {
  world = await createApiWorld();
  tenantId = (await world.newTenant()).id;
  token = await world.newToken(tenantId, 'admin');
});
afterAll(() => world.close());

const save = async (json: unknown) => {
  const ifMatch = (await world.request(path(), { token })).headers.get('etag') ?? '';
  return world.request(path(), { method: 'PUT', token, json, headers: { 'if-match': ifMatch } });
};

describe('the schedule of the settings', () => {
  test.each([
    { daily: '00:30' },
    { daily: '23:59', timeZone: 'America/New_York' },
    { every: 15 },
    { every: 10_080, timeZone: 'UTC' },
  ])('%j is kept as it was sent', async (schedule) => {
    const answer = await save({ schedule });
    expect([answer.status, answer.body.schedule]).toEqual([200, schedule]);
    expect((await world.request(path(), { token })).body.schedule).toEqual(schedule);
  });

  test.each([
    [{ daily: '24:00' }, 'schedule.daily'],
    [{ every: 14 }, 'schedule.every'],
    [{ every: 10_081 }, 'schedule.every'],
    [{ every: 20.5 }, 'schedule.every'],
    [{ daily: '01:00', timeZone: 'Mars/Base' }, 'schedule.timeZone'],
    [{ daily: '01:00', timeZone: '+02:00' }, 'schedule.timeZone'],
  ])('%j is refused, and the field is named', async (schedule, field) => {
    const answer = await save({ schedule });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
  });

  test('is either daily or an interval', async () => {
    expect((await save({ schedule: { daily: '01:00', every: 60 } })).status).toBe(400);
    expect((await save({ schedule: {} })).status).toBe(400);
  });
});

describe('the status of the schedule', () => {
  const status = async () => (await world.request(`${path()}/schedule`, { token })).body;
  const portal = async (action?: string) =>
    world.request(`/tenants/${tenantId}/google-workspace/user-sync${action ? `/schedule/${action}` : ''}`, {
      cookie,
      ...(action && { method: 'POST' }),
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html' },
    });
  let cookie: string;

  beforeAll(async () => {
    const { id, sipDomain } = await world.newTenant();
    tenantId = id;
    token = await world.newToken(tenantId, 'admin');
    cookie = await world.signIn({ ...(await world.newAdministrator(tenantId)), domain: sipDomain });
  });

  test('is off until automatic mode is chosen, and the portal shows no card', async () => {
    expect(await status()).toMatchObject({ state: 'off', reason: 'mode-not-chosen', nextRuns: [], lastRun: null });
    expect((await portal()).text).not.toContain('id="schedule"');
  });

  test('waits for the connection, then runs with the times to come in the tenant’s time zone', async () => {
    await save({ mode: 'automatic' });
    expect(await status()).toMatchObject({ state: 'paused', reason: 'not-connected', timeZone: 'Europe/Berlin' });
    expect(world.schedules.made.get(tenantId)?.paused).toBe(true);
    await connect(world.orm, tenantId);
    await save({ schedule: { daily: '00:30' } });
    expect(world.schedules.made.get(tenantId)?.paused).toBe(false);
    world.schedules.next = [new Date('2027-01-01T23:33:00Z'), new Date('2027-01-02T23:33:00Z')];
    expect(await status()).toMatchObject({
      ...{ state: 'running', reason: null, schedule: { daily: '00:30' } },
      nextRuns: ['2027-01-01T23:33:00.000Z', '2027-01-02T23:33:00.000Z'],
    });
    const { text } = await portal();
    expect(text).toContain('after 00:30 (Europe/Berlin)');
    expect(text).toContain('2 Jan 2027, 00:33');
  });

  test('says what was left out and why, and how often nobody was there', async () => {
    const note = (id: string, outcome: string, code: string | null, message: string | null) =>
      sql`insert into sync_ticks (tenant_id, id, scheduled_for, taken_at, outcome, code, message)
        values (${tenantId}, ${id}, ${`2026-11-0${id}T00:33:00Z`}, now(), ${outcome}, ${code}, ${message})`.execute(
        world.orm.em.fork().getKysely(),
      );
    await note('1', 'refused', 'GRANT_REVOKED', 'Somebody ended the access.');
    await note('2', 'started', null, null);
    await note('3', 'skipped', 'SYNC_RUN_ACTIVE', 'The run before was still under way.');
    world.schedules.missed = 2;
    const answer = await status();
    expect(answer.skipped).toMatchObject([
      { outcome: 'skipped', code: 'SYNC_RUN_ACTIVE', scheduledFor: '2026-11-03T00:33:00.000Z' },
      { outcome: 'refused', code: 'GRANT_REVOKED', message: 'Somebody ended the access.' },
    ]);
    expect(answer.missed).toBe(2);
    const { text } = await portal();
    expect(text).toContain('Somebody ended the access.');
    expect(text).toContain('2 times went by');
  });

  test('says so when the times are not known, and the page still comes', async () => {
    world.schedules.fault = new Error('Temporal is away');
    expect(await status()).toMatchObject({ state: 'running', nextRuns: null, missed: null });
    const page = await portal();
    expect([page.status, page.text.includes('Not known at the moment')]).toEqual([200, true]);
    // What cannot be told to Temporal is saved all the same.
    expect((await save({ paused: true })).status).toBe(200);
    expect((await save({ paused: false })).status).toBe(200);
    world.schedules.fault = undefined;
  });

  test('is paused and resumed by a button, in the audit log, with the settings kept', async () => {
    const paused = await portal('pause');
    expect(paused.status).toBe(303);
    expect(paused.headers.get('location')).toContain('done=schedule-paused');
    expect(await status()).toMatchObject({ state: 'paused', reason: 'paused', nextRuns: [] });
    expect(world.schedules.made.get(tenantId)?.paused).toBe(true);
    expect((await portal()).text).toContain('Resume');
    await portal('resume');
    expect(await status()).toMatchObject({ state: 'running', schedule: { daily: '00:30' } });
    expect(world.schedules.made.get(tenantId)?.paused).toBe(false);
    const audit = await world.request(`/api/v1/tenants/${tenantId}/audit`, { token });
    expect(audit.body.items[0]).toMatchObject({ action: 'user-sync.settings-changed', details: { changed: 'paused' } });
  });

  test('is read by readers, paused by administrators only', async () => {
    const reader = await world.newToken(tenantId, 'read');
    expect((await world.request(`${path()}/schedule`, { token: reader })).status).toBe(200);
    const other = await world.newToken((await world.newTenant()).id, 'admin');
    expect((await world.request(`${path()}/schedule`, { token: other })).status).toBe(404);
  });
});
