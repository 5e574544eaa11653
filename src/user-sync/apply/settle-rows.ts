import type { Clock } from '../../clock.ts';
import type { EntityManager } from '../../db/orm.ts';
import { dropBindings, type SettledRow, saveBindings, settleRows } from './apply-queries.ts';
import { endReservations, reserveNumbers } from './number-reservation-queries.ts';

export interface SettleBatch {
  readonly tenantId: string;
  readonly runId: string;
  readonly rows: readonly SettledRow[];
  readonly from: 'planned' | 'held';
  readonly quarantineDays: number;
}

const DAY_MS = 24 * 60 * 60_000;

/**
 * Writes down what became of rows of a plan: the rows themselves, who is bound, whose number is kept. It belongs into the
 * transaction of the effects, or follows a remote PBX's answer; doing it again changes nothing.
 *
 * @returns the rows that were not settled before
 */
export const createSettleRows =
  ({ clock }: { readonly clock: Clock }) =>
  async (em: EntityManager, { tenantId, runId, rows, from, quarantineDays }: SettleBatch) => {
    const now = clock();
    const done = rows.filter(({ revision }) => revision !== null);
    const seqsOf = (action: SettledRow['action']) => done.filter((row) => row.action === action).map(({ seq }) => seq);
    const deleted = seqsOf('delete');
    const bound = done.filter(({ action }) => action !== 'delete');
    await saveBindings(em, tenantId, runId, bound, now);
    await endReservations(em, tenantId, runId, seqsOf('create'));
    await dropBindings(em, tenantId, runId, deleted);
    await reserveNumbers(em, tenantId, runId, deleted, new Date(now.getTime() + quarantineDays * DAY_MS));
    return settleRows(em, { tenantId, runId, rows, from, now });
  };
