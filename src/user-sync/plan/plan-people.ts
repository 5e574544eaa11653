import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { StepControl } from '../ports.ts';
import { membershipFor } from '../reading/membership.ts';
import type { SyncPace } from '../runs/pace.ts';
import { selectAbsentPeople } from '../runs/partial-run-queries.ts';
import type { RunRow } from '../runs/run-queries.ts';
import type { LeaverPolicies, SyncSettings } from '../settings/settings-types.ts';
import { openCandidates, type PlanCandidate } from './candidate-queries.ts';
import { type Decision, decide } from './decide.ts';
import { decidePartially, leftToFullRun } from './decide-partial.ts';
import type { NumberAllocator } from './extension-numbers.ts';
import { insertChanges, markReviewed, type PlannedChange } from './plan-queries.ts';
import type { PlanReason } from './plan-types.ts';
import { decisionRulesOf, fingerprintOf } from './rules.ts';

export interface PlanPeople {
  readonly tenantId: string;
  readonly settings: SyncSettings;
  readonly numbers: NumberAllocator;
  /** How many more users the licence allows; null when it has no limit. */
  readonly usersLeft: number | null;
  readonly run: RunRow;
}

const DAY_MS = 24 * 60 * 60_000;

/** Whoever was disabled after this is not to be deleted yet, whatever the reason; null when nobody is ever deleted. */
const deletableSince = (leavers: LeaverPolicies, now: Date): Date | null => {
  const days = Object.values(leavers).flatMap((policy) => (typeof policy === 'object' ? [policy.deleteAfterDays] : []));
  return days.length === 0 ? null : new Date(now.getTime() - Math.min(...days) * DAY_MS);
};

/** The number a new extension gets, or why it has to wait. */
type Allotment = { readonly number: number } | { readonly waitsFor: PlanReason };

const createAllotment = (numbers: NumberAllocator, usersLeft: number | null) => {
  let left = usersLeft ?? Number.POSITIVE_INFINITY;
  return ({ reservedNumber }: PlanCandidate): Allotment => {
    if (left <= 0) return { waitsFor: 'licence-used-up' };
    const number = reservedNumber !== null && numbers.claim(reservedNumber) ? reservedNumber : numbers.next();
    if (number === undefined) return { waitsFor: 'no-free-number' };
    left--;
    return { number };
  };
};

const statusOf = (action: PlannedChange['action']): PlannedChange['status'] => {
  if (action === 'waiting-for-number') return 'held';
  return action === 'skip' || action === 'conflict' ? 'done' : 'planned';
};

const toChange = (candidate: PlanCandidate, decision: Decision, seq: number, allotted?: Allotment): PlannedChange => {
  const { extension } = decision;
  const waitsFor = allotted && 'waitsFor' in allotted ? allotted.waitsFor : undefined;
  const number = allotted && 'number' in allotted ? allotted.number : null;
  const action = waitsFor ? 'waiting-for-number' : decision.action;
  return {
    seq,
    googleId: candidate.googleId,
    extensionUserId: extension?.userId ?? (action === 'create' ? randomUUID() : null),
    action,
    status: statusOf(action),
    reason: waitsFor ?? decision.reason,
    email: candidate.profile?.email ?? extension?.state.email ?? null,
    displayName: candidate.profile?.displayName ?? extension?.state.displayName ?? null,
    extensionNumber: number ?? extension?.extensionNumber ?? null,
    before: extension?.state ?? null,
    after: decision.after,
    expectedRevision: extension?.revision ?? null,
    appliedHash: candidate.appliedHash,
  };
};

/** Decides on everybody who may need a change, page by page in Google id order, and writes the rows of the plan. */
export const createPlanPeople =
  ({ clock, pace }: { readonly clock: Clock; readonly pace: SyncPace }) =>
  async (em: EntityManager, plan: PlanPeople, control: StepControl): Promise<void> => {
    const { tenantId, run, settings } = plan;
    const now = clock();
    const rules = decisionRulesOf(settings, now);
    const allot = createAllotment(plan.numbers, plan.usersLeft);
    const fetch = await openCandidates(em, {
      tenantId,
      snapshotOf: run.id,
      partial: run.partial,
      membershipOf: await membershipFor(em, tenantId, run, settings.scope),
      rules: fingerprintOf(settings),
      disabledBefore: deletableSince(settings.leavers, now),
    });
    let seq = 0;
    for (let batch = await fetch(pace.planBatch); batch.length > 0; batch = await fetch(pace.planBatch)) {
      control.signal.throwIfAborted();
      const changes: PlannedChange[] = [];
      const reviewed: PlanCandidate[] = [];
      for (const candidate of batch) {
        const rule = decide(candidate, rules);
        const decision = run.partial ? decidePartially(rule, candidate, settings.scope) : rule;
        if (decision) {
          const allotted = decision.action === 'create' ? allot(candidate) : undefined;
          changes.push(toChange(candidate, decision, ++seq, allotted));
        }
        if (!rule && candidate.bound && candidate.listed) reviewed.push(candidate);
      }
      await insertChanges(em, tenantId, run.id, changes);
      if (!run.dry_run) await markReviewed(em, tenantId, reviewed);
      control.heartbeat({ done: seq });
    }
    if (!run.partial) return;
    const absent = await selectAbsentPeople(em, tenantId, run.id);
    const rows = absent.map((person) => leftToFullRun(person, ++seq));
    await insertChanges(em, tenantId, run.id, rows);
  };
