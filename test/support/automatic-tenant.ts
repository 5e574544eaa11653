import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Orm } from '../../src/db/orm.ts';
import type { SyncSchedule } from '../../src/user-sync/index.ts';
import type { SyncWorld } from './sync-world.ts';

/** The rows of an authorization, as far as it is asked whether there is one. */
export const connect = async (orm: Orm, tenantId: string): Promise<void> => {
  const kysely = orm.em.fork().getKysely();
  const [integration, request] = [randomUUID(), randomUUID()];
  await sql`insert into integrations (tenant_id, id, client_id, client_secret, generation)
    values (${tenantId}, ${integration}, 'client', 'sealed', 1)`.execute(kysely);
  await sql`insert into authorization_requests (tenant_id, id, integration_id, state, requested_by, redirect_uri,
      scopes, state_hash, generation, created_at, expires_at, settled_at)
    values (${tenantId}, ${request}, ${integration}, 'authorized', 'Ada', 'http://localhost', '{}', ${request}, 1,
      now(), now(), now())`.execute(kysely);
  await sql`insert into grants (tenant_id, id, integration_id, request_id, generation, google_id, email, hosted_domain,
      scopes, sealed_refresh_token, consented_at, refreshed_at, used_at)
    values (${tenantId}, ${randomUUID()}, ${integration}, ${request}, 1, '1', 'ada@acme.example', 'acme.example', '{}',
      'sealed', now(), now(), now())`.execute(kysely);
};

/** Settings as they stand in the row, so that intervals of seconds are possible: `every` counts minutes. */
export const saveSchedule = async (orm: Orm, tenantId: string, schedule: SyncSchedule): Promise<void> => {
  await sql`update sync_settings set mode = 'automatic', schedule = ${JSON.stringify(schedule)}
    where tenant_id = ${tenantId}`.execute(orm.em.fork().getKysely());
};

/** A tenant in automatic mode, connected if not said otherwise. */
export const automaticTenant = async (
  world: Pick<SyncWorld, 'orm' | 'newTenant'>,
  schedule: SyncSchedule,
  { timeZone = 'UTC', connected = true }: { timeZone?: string; connected?: boolean } = {},
): Promise<string> => {
  const tenantId = await world.newTenant();
  await saveSchedule(world.orm, tenantId, schedule);
  await sql`update tenants set time_zone = ${timeZone} where id = ${tenantId}`.execute(world.orm.em.fork().getKysely());
  if (connected) await connect(world.orm, tenantId);
  return tenantId;
};
