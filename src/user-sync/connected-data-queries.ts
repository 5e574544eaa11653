import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';

export interface ConnectedDataCounts {
  readonly bindings: number;
  readonly syncMode: 'manual' | 'automatic' | null;
}

export const countConnectedData = async (em: EntityManager, tenantId: string): Promise<ConnectedDataCounts> => {
  const { rows } = await sql<ConnectedDataCounts>`
    select (select count(*)::int from bindings where tenant_id = ${tenantId}) as bindings,
      (select mode from sync_settings where tenant_id = ${tenantId}) as "syncMode"`.execute(em.getKysely());
  return rows[0] ?? { bindings: 0, syncMode: null };
};

/**
 * Frees the mode and forgets who is bound to whom and what Google told of its people: the next company is another one.
 * Extension users stay as they are, numbers and all; numbers that wait for somebody go on waiting.
 */
export const dropConnectedData = async (em: EntityManager, tenantId: string): Promise<void> => {
  await sql`delete from bindings where tenant_id = ${tenantId}`.execute(em.getKysely());
  await sql`
    update approvals set state = 'replaced', ended_at = now()
    where tenant_id = ${tenantId} and state = 'pending'`.execute(em.getKysely());
  await sql`delete from directory_pages where tenant_id = ${tenantId}`.execute(em.getKysely());
  await sql`delete from photo_contents where tenant_id = ${tenantId}`.execute(em.getKysely());
  await sql`delete from google_users where tenant_id = ${tenantId}`.execute(em.getKysely());
  await sql`update sync_settings set mode = null, version = version + 1 where tenant_id = ${tenantId}`.execute(
    em.getKysely(),
  );
};
