import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiWorld, createApiWorld } from '../support/api-world.ts';

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
