import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { EntityManager } from '../db/orm.ts';
import { insertApproval, replacePendingApprovals } from './approval-queries.ts';
import { mustHoldRemovals } from './brakes.ts';
import { holdRemovals, selectPlanFigures } from './plan-queries.ts';
import type { RunRow } from './run-queries.ts';
import type { BrakeSettings } from './settings-types.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Holds the removals of a plan back when they are too many to be believed, and asks an administrator about them. The
 * run goes on without them and waits for nobody. A preview only shows what would be held.
 *
 * @returns how many are held
 */
export const createHoldRemovals =
  ({ clock }: { readonly clock: Clock }) =>
  async (em: EntityManager, tenantId: string, run: RunRow, brakes: BrakeSettings, planned: number): Promise<number> => {
    const now = clock();
    if (!run.dry_run && run.listing_complete) await replacePendingApprovals(em, tenantId, now);
    if (planned === 0) return 0;
    const { bound, removedLately } = await selectPlanFigures(em, tenantId, run.id, new Date(now.getTime() - DAY_MS));
    if (!mustHoldRemovals({ planned, madeLately: removedLately, bound }, brakes)) return 0;
    await holdRemovals(em, tenantId, run.id);
    if (!run.dry_run) {
      const reason = 'too-many';
      await insertApproval(em, { tenantId, id: randomUUID(), runId: run.id, removals: planned, reason, now });
    }
    return planned;
  };
