import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { EntityManager } from '../../db/orm.ts';
import { insertApproval, replacePendingApprovals } from '../approvals/approval-queries.ts';
import type { RunRow } from '../runs/run-queries.ts';
import type { BrakeSettings, SyncSettings } from '../settings/settings-types.ts';
import type { Guards } from './guards.ts';
import { holdRemovals, selectPlanFigures } from './plan-queries.ts';
import { fingerprintOf } from './rules.ts';
import { copyRules, holdOutOfScope, saveRules, selectRulesHistory } from './scope-change-queries.ts';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Holds removals of a plan back and asks an administrator about them: all of them when they are too many to be believed,
 * and those of people who are out of scope when the settings changed and nobody has looked at what that does. The run
 * goes on without them and waits for nobody. A preview only shows what would be held.
 *
 * @returns how many are held
 */
export const createHoldRemovals = ({ clock, guards }: { readonly clock: Clock; readonly guards: Guards }) => {
  const areTooMany = async (
    em: EntityManager,
    tenantId: string,
    run: RunRow,
    brakes: BrakeSettings,
    planned: number,
  ) => {
    if (planned === 0) return false;
    const since = new Date(clock().getTime() - DAY_MS);
    const { bound, removedLately } = await selectPlanFigures(em, tenantId, run.id, since);
    return guards.mustHoldRemovals({ planned, madeLately: removedLately, bound }, brakes);
  };

  /** A preview is the look itself, and applying one means that somebody has looked. */
  const holdUnseen = async (em: EntityManager, tenantId: string, run: RunRow, settings: SyncSettings) => {
    if (run.apply_plan_of) {
      await copyRules(em, tenantId, run.apply_plan_of, run.id);
      return 0;
    }
    const rules = fingerprintOf(settings);
    const history = { current: rules, ...(await selectRulesHistory(em, tenantId)) };
    const held = !run.dry_run && guards.mustPreviewScope(history) ? await holdOutOfScope(em, tenantId, run.id) : 0;
    await saveRules(em, tenantId, run.id, rules, held > 0);
    return held;
  };

  const hold = async (em: EntityManager, tenantId: string, run: RunRow, settings: SyncSettings, planned: number) => {
    const unseen = await holdUnseen(em, tenantId, run, settings);
    if (await areTooMany(em, tenantId, run, settings.brakes, planned - unseen)) {
      await holdRemovals(em, tenantId, run.id);
      return { held: planned, reason: 'too-many' as const };
    }
    return { held: unseen, reason: 'not-previewed' as const };
  };

  return async (
    em: EntityManager,
    tenantId: string,
    run: RunRow,
    settings: SyncSettings,
    planned: number,
  ): Promise<number> => {
    const now = clock();
    if (!run.dry_run && run.listing_complete) await replacePendingApprovals(em, tenantId, now);
    const { held, reason } = await hold(em, tenantId, run, settings, planned);
    if (held > 0 && !run.dry_run) {
      await insertApproval(em, { tenantId, id: randomUUID(), runId: run.id, removals: held, reason, now });
    }
    return held;
  };
};
