import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { openOrm } from '../../../src/db/orm.ts';
import { createSettingsStore } from '../../../src/user-sync/settings/settings.ts';
import { createTestDatabase } from '../../support/database.ts';

test('schedules that were saved in the old shape keep their meaning', async () => {
  const database = await createTestDatabase();
  const orm = await openOrm({ databaseUrl: database.url, maxConnections: 2 });
  try {
    const kysely = orm.em.fork().getKysely();
    await orm.migrator.down({ to: '006-leavers-and-approvals' });
    const save = async (schedule: object) => {
      const tenantId = randomUUID();
      await sql`insert into tenants (id, kind, name, sip_domain) values (${tenantId}, 'customer', 'Acme', ${`${tenantId}.example`})`.execute(
        kysely,
      );
      await sql`insert into sync_settings (tenant_id, scope, photos, link_by_email, leavers, brakes, schedule, paused)
        values (${tenantId}, '{}', false, true, '{}', '{}', ${JSON.stringify(schedule)}, false)`.execute(kysely);
      return tenantId;
    };
    const daily = await save({ type: 'daily', at: '07:45' });
    const every = await save({ type: 'every', minutes: 90 });
    await orm.migrator.up();
    const settings = createSettingsStore(orm, { shortestMinutes: 15, longestMinutes: 10_080 });
    expect((await settings.read(daily)).schedule).toEqual({ daily: '07:45' });
    expect((await settings.read(every)).schedule).toEqual({ every: 90 });
  } finally {
    await orm.close(true);
    await database.drop();
  }
});
