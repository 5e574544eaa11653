import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { EntityManager, Orm } from '../db/orm.ts';
import { AppError } from '../errors.ts';
import type { PbxDirectory } from '../pbx/index.ts';
import { requireActive } from './active-run.ts';
import { mustHoldRemovals } from './brakes.ts';
import type { Commit } from './checkpoints.ts';
import { type Decision, decide } from './decide.ts';
import { decidePartially, leftToFullRun } from './decide-partial.ts';
import { createNumberAllocator, resolveRange } from './extension-numbers.ts';
import type { SyncPace } from './pace.ts';
import { areAllRead, selectAbsentPeople } from './partial-run-queries.ts';
import {
  copyPlan,
  countActions,
  holdRemovals,
  insertChanges,
  markReviewed,
  openCandidates,
  type PlanCandidate,
  type PlannedChange,
  savePlanSummary,
  selectPlanFigures,
} from './plan-queries.ts';
import type { StepControl } from './ports.ts';
import { markStep, type RunRow, selectRun } from './run-queries.ts';
import { createScopeRule } from './scope.ts';
import type { SettingsStore } from './settings.ts';
import type { SyncSettings } from './settings-types.ts';

export interface MakePlanDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
  readonly firstExtensionOf: (tenantId: string) => Promise<number>;
  readonly pace: SyncPace;
  readonly commit: Commit;
}

interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

const DAY_MS = 24 * 60 * 60_000;

const fingerprint = ({ scope, leavers, linkByEmail }: SyncSettings): string =>
  createHash('sha256').update(JSON.stringify({ scope, leavers, linkByEmail })).digest('base64url').slice(0, 12);

const statusOf = (action: PlannedChange['action']): PlannedChange['status'] => {
  if (action === 'waiting-for-number') return 'held';
  return action === 'skip' || action === 'conflict' ? 'done' : 'planned';
};

const toChange = (candidate: PlanCandidate, decision: Decision, seq: number, number: number | null): PlannedChange => {
  const waiting = decision.action === 'create' && number === null;
  const action = waiting ? 'waiting-for-number' : decision.action;
  const { extension } = decision;
  return {
    seq,
    googleId: candidate.googleId,
    extensionUserId: extension?.userId ?? (action === 'create' ? randomUUID() : null),
    action,
    status: statusOf(action),
    reason: waiting ? 'no-free-number' : decision.reason,
    email: candidate.profile?.email ?? extension?.state.email ?? null,
    displayName: candidate.profile?.displayName ?? extension?.state.displayName ?? null,
    extensionNumber: number ?? extension?.extensionNumber ?? null,
    before: extension?.state ?? null,
    after: decision.after,
    expectedRevision: extension?.revision ?? null,
    appliedHash: candidate.appliedHash,
  };
};

/**
 * Makes the plan of a run from its complete listing, or from the people it was asked for, in one transaction: there is a whole plan or none. Making it again
 * is harmless. A preview's plan is taken over as it is.
 *
 * @throws AppError SYNC_LISTING_EMPTY when Google listed nobody, SYNC_RUN_SUPERSEDED when the run has ended
 */
export const createMakePlan = ({
  orm,
  clock,
  settings,
  pbxOf,
  firstExtensionOf,
  pace,
  commit,
}: MakePlanDependencies) => {
  const planPeople = async (
    em: EntityManager,
    key: RunKey,
    rules: SyncSettings,
    nextNumber: () => number | undefined,
    run: RunRow,
    control: StepControl,
  ) => {
    const decisionRules = {
      isInScope: createScopeRule(rules.scope),
      leavers: rules.leavers,
      linkByEmail: rules.linkByEmail,
    };
    const fetch = await openCandidates(em, key.tenantId, run, fingerprint(rules));
    let seq = 0;
    for (let batch = await fetch(pace.planBatch); batch.length > 0; batch = await fetch(pace.planBatch)) {
      control.signal.throwIfAborted();
      const changes: PlannedChange[] = [];
      const reviewed: PlanCandidate[] = [];
      for (const candidate of batch) {
        const rule = decide(candidate, decisionRules);
        const decision = run.partial ? decidePartially(rule, candidate, rules.scope) : rule;
        if (decision) {
          const number = decision.action === 'create' ? (nextNumber() ?? null) : null;
          changes.push(toChange(candidate, decision, ++seq, number));
        }
        if (!rule && candidate.bound && candidate.listed) reviewed.push(candidate);
      }
      await insertChanges(em, key.tenantId, key.runId, changes);
      if (!run.dry_run) await markReviewed(em, key.tenantId, reviewed);
      control.heartbeat({ done: seq });
    }
    if (!run.partial) return;
    const absent = await selectAbsentPeople(em, key.tenantId, key.runId);
    await insertChanges(
      em,
      key.tenantId,
      key.runId,
      absent.map((person) => leftToFullRun(person, ++seq)),
    );
  };

  /** Nobody is judged by a reading that did not come to its end. */
  const requireWholeReading = async (em: EntityManager, { tenantId, runId }: RunKey, run: RunRow): Promise<void> => {
    if (run.partial) {
      if (!(await areAllRead(em, tenantId, runId))) throw unreadPeople();
      return;
    }
    const { listed } = await selectPlanFigures(em, tenantId, runId, clock());
    if (!run.listing_complete || listed === 0) throw emptyListing();
  };

  const brake = async (em: EntityManager, key: RunKey, rules: SyncSettings, planned: number): Promise<number> => {
    if (planned === 0) return 0;
    const since = new Date(clock().getTime() - DAY_MS);
    const { bound, removedLately } = await selectPlanFigures(em, key.tenantId, key.runId, since);
    if (!mustHoldRemovals({ planned, madeLately: removedLately, bound }, rules.brakes)) return 0;
    await holdRemovals(em, key.tenantId, key.runId);
    return planned;
  };

  const summarise = async (em: EntityManager, key: RunKey, rules: SyncSettings) => {
    const counts = await countActions(em, key.tenantId, key.runId);
    const of = (...actions: Parameters<typeof counts.get>[0][]) =>
      actions.reduce((sum, a) => sum + (counts.get(a) ?? 0), 0);
    const heldRemovals = await brake(em, key, rules, of('disable', 'delete'));
    const total = of('create', 'link', 'update', 'enable', 'disable', 'delete') - heldRemovals;
    return { counts: Object.fromEntries(counts), heldRemovals, total };
  };

  return async (key: RunKey, control: StepControl): Promise<{ readonly dryRun: boolean }> => {
    const run = requireActive(await selectRun(orm.em.fork(), key.tenantId, key.runId, clock()));
    if (run.planned) return { dryRun: run.dry_run };
    await commit('step-begun', (em) => markStep(em, key.tenantId, key.runId, 'planning', control.attempt > 1, clock()));
    const rules = await settings.read(key.tenantId);
    const range = resolveRange(rules.extensionNumbers, await firstExtensionOf(key.tenantId));
    const inUse = run.apply_plan_of ? [] : await pbxOf(key.tenantId).numbersInUse(range);

    await commit('plan-made', async (tx) => {
      if (run.apply_plan_of) await copyPlan(tx, key.tenantId, run.apply_plan_of, key.runId);
      else {
        await requireWholeReading(tx, key, run);
        await planPeople(tx, key, rules, createNumberAllocator(range, inUse), run, control);
      }
      const summary = await summarise(tx, key, rules);
      if (!(await savePlanSummary(tx, key.tenantId, key.runId, summary, clock()))) {
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
