import type { Clock } from '../../clock.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError } from '../../errors.ts';
import type { PbxChange, PbxDirectory, PbxOutcome, PbxUserFields } from '../../pbx/index.ts';
import type { Guards } from '../plan/guards.ts';
import type { ExtensionState } from '../plan/plan-types.ts';
import type { StepControl } from '../ports.ts';
import { requireActive } from '../runs/active-run.ts';
import type { Commit, OnCheckpoint } from '../runs/checkpoints.ts';
import type { SyncPace } from '../runs/pace.ts';
import { markStep, type RunRow, selectRun } from '../runs/run-queries.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { SyncSettings } from '../settings/settings-types.ts';
import {
  countSettled,
  type PlannedRow,
  passCheckpoint,
  type SettledRow,
  selectBoundElsewhere,
  selectPlannedRows,
} from './apply-queries.ts';
import { createSettleRows } from './settle-rows.ts';

export interface ApplyPlanDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
  readonly pace: SyncPace;
  readonly commit: Commit;
  readonly onCheckpoint: OnCheckpoint;
  readonly guards: Guards;
}

export interface ApplyProgress {
  readonly outcome: 'complete' | 'more';
}

const fieldsOf = ({ enabled: _, ...fields }: ExtensionState): PbxUserFields => fields;

const change = (row: PlannedRow, fields: PbxUserFields | null, enabled: boolean | null): PbxChange => ({
  kind: 'change',
  userId: row.extension_user_id,
  expectedRevision: row.expected_revision ?? 0,
  fields,
  enabled,
});

const toPbxChange = (row: PlannedRow): PbxChange => {
  switch (row.action) {
    case 'create':
      return {
        kind: 'create',
        userId: row.extension_user_id,
        extensionNumber: Number(row.extension_number),
        fields: fieldsOf(row.after),
      };
    case 'link':
      return change(row, fieldsOf(row.after), row.after.enabled ? true : null);
    case 'update':
      return change(row, fieldsOf(row.after), null);
    case 'enable':
      return change(row, fieldsOf(row.after), true);
    case 'disable':
      return change(row, null, false);
    case 'delete':
      return { kind: 'delete', userId: row.extension_user_id, expectedRevision: row.expected_revision ?? 0 };
    case 'skip':
    case 'conflict':
    case 'waiting-for-number':
      throw new Error(`A plan row with the action "${row.action}" is never applied.`);
  }
};

const isStale = (outcome: PbxOutcome): boolean =>
  outcome.result === 'failed' && ['PBX_USER_CHANGED', 'PBX_USER_NOT_FOUND', 'PBX_NUMBER_TAKEN'].includes(outcome.code);

/** A preview is applied as it was shown or not at all: a row that no longer fits is a conflict, not a failure. */
const settle = (row: PlannedRow, outcome: PbxOutcome, ofPreview: boolean): SettledRow => {
  const base = { seq: row.seq, action: row.action, reason: null, error_code: null, error_message: null };
  if (outcome.result === 'done') return { ...base, status: 'done', revision: outcome.revision };
  const refused = { ...base, revision: null, error_code: outcome.code, error_message: outcome.message };
  if (ofPreview && isStale(outcome)) return { ...refused, action: 'conflict', reason: 'stale-preview', status: 'done' };
  return { ...refused, status: 'failed' };
};

/**
 * Carries out the plan of a run in batches. A row is marked in the transaction of its effect, or as soon as a remote
 * PBX has answered, so what was carried out is never carried out again.
 *
 * @throws AppError SYNC_TOO_MANY_FAILURES when so much failed that the run must stop, SYNC_RUN_SUPERSEDED
 */
export const createApplyPlan = ({
  orm,
  clock,
  settings,
  pbxOf,
  pace,
  commit,
  onCheckpoint,
  guards,
}: ApplyPlanDependencies) => {
  const settleRows = createSettleRows({ clock });

  const applyBatch = async (
    key: { tenantId: string; runId: string },
    run: RunRow,
    { extensionNumbers: { quarantineDays } }: SyncSettings,
    rows: readonly PlannedRow[],
    signal: AbortSignal,
  ) => {
    const bound = await selectBoundElsewhere(orm.em.fork(), key.tenantId, rows);
    const ofPreview = run.apply_plan_of !== null;
    const save = async (em: EntityManager, settled: readonly SettledRow[]) => {
      const news = await settleRows(em, { ...key, rows: settled, from: 'planned', quarantineDays });
      await countSettled(em, key.tenantId, key.runId, news);
    };
    const overtaken = rows
      .filter((row) => bound.has(row.google_id))
      .map((row) => settle(row, boundMeanwhile(row), ofPreview));
    if (overtaken.length > 0) await commit('batch-overtaken', (em) => save(em, overtaken));

    const open = rows.filter((row) => !bound.has(row.google_id));
    const byUser = new Map(open.map((row) => [row.extension_user_id, row]));
    await pbxOf(key.tenantId).apply(
      open.map(toPbxChange),
      async (outcomes, transaction) => {
        const settled = outcomes.flatMap((outcome) => {
          const row = byUser.get(outcome.userId);
          return row ? [settle(row, outcome, ofPreview)] : [];
        });
        if (!transaction) return commit('batch-applied', (em) => save(em, settled));
        await save(transaction, settled);
        onCheckpoint('batch-applied', 'before');
      },
      signal,
    );
    onCheckpoint('batch-applied', 'after');
  };

  return async (key: { tenantId: string; runId: string }, control: StepControl): Promise<ApplyProgress> => {
    const endsAt = clock().getTime() + pace.applyStretchMs;
    const rules = await settings.read(key.tenantId);
    await commit('step-begun', (em) => markStep(em, key.tenantId, key.runId, 'applying', control.attempt > 1, clock()));
    for (;;) {
      control.signal.throwIfAborted();
      const em = orm.em.fork();
      const run = requireActive(await selectRun(em, key.tenantId, key.runId, clock()));
      if (guards.mustStopForFailures({ failed: run.failed, tried: run.done + run.failed }, rules.brakes))
        throw tooManyFailures(run);
      const most = pace.applyBatch * pace.applyParallel;
      const rows = await selectPlannedRows(em, key.tenantId, key.runId, run.applied_seq, most);
      const last = rows.at(-1);
      if (!last) return { outcome: 'complete' };
      await allEnded(
        inBatches(rows, pace.applyBatch).map((batch) => applyBatch(key, run, rules, batch, control.signal)),
      );
      await commit('batches-passed', (tx) => passCheckpoint(tx, key.tenantId, key.runId, last.seq));
      control.heartbeat({ done: run.done + rows.length });
      if (clock().getTime() >= endsAt) return { outcome: 'more' };
    }
  };
};

const inBatches = <Row>(rows: readonly Row[], size: number): Row[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) => rows.slice(i * size, (i + 1) * size));

/** Like Promise.all, but nothing is still at work when it rejects. */
const allEnded = async (work: readonly Promise<void>[]): Promise<void> => {
  await Promise.allSettled(work);
  await Promise.all(work);
};

const boundMeanwhile = (row: PlannedRow): PbxOutcome => ({
  userId: row.extension_user_id,
  result: 'failed',
  code: 'PBX_USER_CHANGED',
  message: 'The person was bound to another extension since the plan was made. The next run looks at the person again.',
});

const tooManyFailures = ({ failed, done }: RunRow): AppError =>
  new AppError(
    'SYNC_TOO_MANY_FAILURES',
    `The run was stopped: ${failed} of ${failed + done} changes were refused by the PBX. What was done stays. Look at ` +
      'the failed rows of this run, mend the cause, then sync again.',
  );
