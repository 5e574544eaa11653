import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { NumberOfPerson } from '../../people/index.ts';
import { DEFAULT_SETTINGS } from '../settings/settings-types.ts';

/** A number that waits for the person whose extension was deleted. */
export interface NumberReservation {
  readonly number: number;
  /** Nobody else may get it yet. */
  readonly inQuarantine: boolean;
}

export const selectReservations = async (
  em: EntityManager,
  tenantId: string,
  now: Date,
): Promise<readonly NumberReservation[]> => {
  const { rows } = await sql<{ number: string; in_quarantine: boolean }>`
    select number, reserved_until > ${now.toISOString()}::timestamptz as in_quarantine
    from number_reservations where tenant_id = ${tenantId}`.execute(em.getKysely());
  return rows.map((row) => ({ number: Number(row.number), inQuarantine: row.in_quarantine }));
};

/** Keeps the numbers of extensions that these rows of a plan deleted. */
export const reserveNumbers = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  seqs: readonly number[],
  until: Date,
): Promise<void> => {
  if (seqs.length === 0) return;
  // Whoever a number was kept for before has lost it: somebody else has had it since.
  await sql`
    delete from number_reservations kept using plan_changes c
    where kept.tenant_id = ${tenantId} and c.tenant_id = ${tenantId} and c.run_id = ${runId}
      and c.seq = any(${[...seqs]}::int[])
      and kept.number = c.extension_number and kept.google_id <> c.google_id`.execute(em.getKysely());
  await sql`
    insert into number_reservations (tenant_id, google_id, number, reserved_until)
    select tenant_id, google_id, extension_number, ${until.toISOString()}::timestamptz from plan_changes
    where tenant_id = ${tenantId} and run_id = ${runId} and seq = any(${[...seqs]}::int[])
      and extension_number is not null
    on conflict (tenant_id, google_id) do update
      set number = excluded.number, reserved_until = excluded.reserved_until`.execute(em.getKysely());
};

/**
 * Keeps the number of somebody whose extension an administrator deleted, for as many days as the settings say. Whoever
 * it was kept for before has lost it: somebody else has had it since.
 */
export const reserveNumberOf = async (
  em: EntityManager,
  { tenantId, googleId, extensionNumber }: NumberOfPerson,
  now: Date,
): Promise<void> => {
  await sql`
    delete from number_reservations
    where tenant_id = ${tenantId} and number = ${extensionNumber}::bigint and google_id <> ${googleId}`.execute(
    em.getKysely(),
  );
  await sql`
    insert into number_reservations (tenant_id, google_id, number, reserved_until)
    values (${tenantId}, ${googleId}, ${extensionNumber}::bigint, ${now.toISOString()}::timestamptz + coalesce(
      (select number_quarantine_days from sync_settings where tenant_id = ${tenantId}),
      ${DEFAULT_SETTINGS.extensionNumbers.quarantineDays}) * interval '1 day')
    on conflict (tenant_id, google_id) do update
      set number = excluded.number, reserved_until = excluded.reserved_until`.execute(em.getKysely());
};

/** Ends what was kept for people whom these rows created, and what was kept of numbers that they were given. */
export const endReservations = async (
  em: EntityManager,
  tenantId: string,
  runId: string,
  seqs: readonly number[],
): Promise<void> => {
  if (seqs.length === 0) return;
  await sql`
    delete from number_reservations kept using plan_changes c
    where kept.tenant_id = ${tenantId} and c.tenant_id = ${tenantId} and c.run_id = ${runId}
      and c.seq = any(${[...seqs]}::int[])
      and (kept.google_id = c.google_id or kept.number = c.extension_number)`.execute(em.getKysely());
};
