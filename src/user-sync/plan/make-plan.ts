import type { Clock } from '../../clock.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError } from '../../errors.ts';
import type { PbxDirectory } from '../../pbx/index.ts';
import { selectReservations } from '../apply/number-reservation-queries.ts';
import type { StepControl } from '../ports.ts';
import { requireActive } from '../runs/active-run.ts';
import type { Commit } from '../runs/checkpoints.ts';
import type { SyncPace } from '../runs/pace.ts';
import { areAllRead } from '../runs/partial-run-queries.ts';
import { markStep, type RunRow, selectRun } from '../runs/run-queries.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { SyncSettings } from '../settings/settings-types.ts';
import { createNumberAllocator, resolveRange } from './extension-numbers.ts';
import type { Guards } from './guards.ts';
import { createHoldRemovals } from './hold-removals.ts';
import { createPlanPeople } from './plan-people.ts';
import { copyPlan, countActions, savePlanSummary, selectPlanFigures } from './plan-queries.ts';
import type { PlanAction } from './plan-types.ts';

export interface MakePlanDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
  readonly firstExtensionOf: (tenantId: string) => Promise<number>;
  readonly pace: SyncPace;
  readonly commit: Commit;
  readonly guards: Guards;
}

interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

/**
 * Makes the plan of a run from its complete listing, or from the people it was asked for, in one transaction: there is a
 * whole plan or none. Making it again is harmless. A preview's plan is taken over as it is.
 *
 * @throws AppError SYNC_LISTING_EMPTY when Google listed nobody, SYNC_RUN_SUPERSEDED when the run has ended
 */
export const createMakePlan = (dependencies: MakePlanDependencies) => {
  const { orm, clock, settings, pbxOf, firstExtensionOf, commit, guards } = dependencies;
  const planPeople = createPlanPeople(dependencies);
  const holdRemovals = createHoldRemovals(dependencies);

  /** What there is to give out: asked before the transaction, because a PBX may be far away. */
  const takeStock = async (tenantId: string, { extensionNumbers }: SyncSettings) => {
    const pbx = pbxOf(tenantId);
    const range = resolveRange(extensionNumbers, await firstExtensionOf(tenantId));
    const reservations = await selectReservations(orm.em.fork(), tenantId, clock());
    const all = reservations.map(({ number }) => number);
    const wide = { from: Math.min(range.from, ...all), to: Math.max(range.to, ...all) };
    const kept = new Set(reservations.filter(({ inQuarantine }) => inQuarantine).map(({ number }) => number));
    const [inUse, usersLeft] = await Promise.all([pbx.numbersInUse(wide), pbx.usersLeft()]);
    return { numbers: createNumberAllocator(range, inUse, kept), usersLeft };
  };

  /** Nobody is judged by a reading that did not come to its end. */
  const requireWholeReading = async (em: EntityManager, { tenantId, runId }: RunKey, run: RunRow): Promise<void> => {
    if (run.partial) {
      if (!(await areAllRead(em, tenantId, runId))) throw unreadPeople();
      return;
    }
    const { listed } = await selectPlanFigures(em, tenantId, runId, clock());
    if (!guards.isWholeListing({ complete: run.listing_complete, listed })) throw emptyListing();
  };

  const summarise = async (em: EntityManager, key: RunKey, run: RunRow, rules: SyncSettings) => {
    const counts = await countActions(em, key.tenantId, key.runId);
    const of = (...actions: PlanAction[]) => actions.reduce((sum, action) => sum + (counts.get(action) ?? 0), 0);
    const heldRemovals = await holdRemovals(em, key.tenantId, run, rules, of('disable', 'delete'));
    const total = of('create', 'link', 'update', 'enable', 'disable', 'delete') - heldRemovals;
    return { counts: Object.fromEntries(counts), heldRemovals, total };
  };

  return async (key: RunKey, control: StepControl): Promise<{ readonly dryRun: boolean }> => {
    const run = requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, clock()));
    if (run.planned) return { dryRun: run.dry_run };
    await commit('step-begun', (em) => markStep(em, key.tenantId, key.runId, 'planning', control.attempt > 1, clock()));
    const rules = await settings.read(key.tenantId);
    const preview = run.apply_plan_of;
    const stock = preview ? undefined : await takeStock(key.tenantId, rules);

    await commit('plan-made', async (em) => {
      if (preview) await copyPlan(em, key.tenantId, preview, key.runId);
      if (stock) {
        await requireWholeReading(em, key, run);
        await planPeople(em, { tenantId: key.tenantId, ...stock, settings: rules, run }, control);
      }
      const summary = await summarise(em, key, run, rules);
      if (!(await savePlanSummary(em, key.tenantId, key.runId, summary, clock()))) {
        throw new AppError('SYNC_RUN_SUPERSEDED', 'This run has a plan already, or has ended.');
      }
    });
    return { dryRun: run.dry_run };
  };
};

const unreadPeople = (): AppError =>
  new AppError('INTERNAL', 'Not everybody of this run was read yet. Nobody was changed; it is tried again.');

const emptyListing = (): AppError =>
  new AppError(
    'SYNC_LISTING_EMPTY',
    'Google answered with no people at all. Nobody was changed. Check in the Google Admin console that the directory ' +
      'has users and that the person who authorized may read all of them, then sync again.',
  );
