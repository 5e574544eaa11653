import type { Clock } from '../../clock.ts';
import { ApprovalEntity } from '../../db/entities/index.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import type { PbxChange, PbxDirectory, PbxOutcome } from '../../pbx/index.ts';
import type { ApplyProgress } from '../apply/apply-plan.ts';
import type { SettledRow } from '../apply/apply-queries.ts';
import { createSettleRows } from '../apply/settle-rows.ts';
import { selectCandidates } from '../plan/candidate-queries.ts';
import { decide } from '../plan/decide.ts';
import { decisionRulesOf } from '../plan/rules.ts';
import type { StepControl } from '../ports.ts';
import { newestSnapshot } from '../reading/newest-snapshot.ts';
import type { Commit, OnCheckpoint } from '../runs/checkpoints.ts';
import type { SyncPace } from '../runs/pace.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { SyncSettings } from '../settings/settings-types.ts';
import { countApproved, endApproval, type HeldRow, selectHeldRows } from './approval-queries.ts';

export interface ApplyRemovalsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
  readonly pace: SyncPace;
  readonly commit: Commit;
  readonly onCheckpoint: OnCheckpoint;
}

export interface ApprovalKey {
  readonly tenantId: string;
  readonly approvalId: string;
}

const revisionNow = (row: HeldRow, revision: number): PbxChange =>
  row.action === 'delete'
    ? { kind: 'delete', userId: row.extension_user_id, expectedRevision: revision }
    : { kind: 'change', userId: row.extension_user_id, expectedRevision: revision, fields: null, enabled: false };

const settled = (row: HeldRow, outcome: PbxOutcome): SettledRow => {
  const base = { seq: row.seq, action: row.action, reason: null };
  return outcome.result === 'done'
    ? { ...base, status: 'done', revision: outcome.revision, error_code: null, error_message: null }
    : { ...base, status: 'failed', revision: null, error_code: outcome.code, error_message: outcome.message };
};

/** The person is back, or the extension was changed, unbound or removed meanwhile: nothing is done, and it is told. */
const stale = ({ seq }: HeldRow): SettledRow => ({
  seq,
  action: 'conflict',
  reason: 'no-longer-applies',
  status: 'done',
  revision: null,
  error_code: null,
  error_message: null,
});

/**
 * Carries out the removals of an approval, batch by batch. What an administrator saw may be hours old: each row is
 * decided on again from the newest listing that is complete and from the extension as it is now, and only what comes
 * out as the same removal is done. Doing it again goes on behind what is done.
 */
export const createApplyRemovals = (dependencies: ApplyRemovalsDependencies) => {
  const { orm, clock, settings, pbxOf, pace, commit, onCheckpoint } = dependencies;
  const settleRows = createSettleRows({ clock });

  /** The rows that still are what was approved, each with the change it takes now. */
  const lookAgain = async (tenantId: string, rows: readonly HeldRow[], rules: SyncSettings) => {
    const em = orm.em.fork();
    const snapshot = await newestSnapshot(em, tenantId, rules);
    const googleIds = rows.map(({ google_id }) => google_id);
    const candidates = snapshot ? await selectCandidates(em, { ...snapshot, googleIds }) : [];
    const decisions = new Map(
      candidates.map((candidate) => [candidate.googleId, decide(candidate, decisionRulesOf(rules, clock()))]),
    );
    return rows.flatMap((row) => {
      const decision = decisions.get(row.google_id);
      const isSame =
        decision?.action === row.action &&
        decision.reason === row.reason &&
        decision.extension?.userId === row.extension_user_id;
      return isSame && decision.extension ? [{ row, change: revisionNow(row, decision.extension.revision) }] : [];
    });
  };

  const applyBatch = async (
    { tenantId, approvalId }: ApprovalKey,
    runId: string,
    rows: readonly HeldRow[],
    signal: AbortSignal,
  ): Promise<void> => {
    const rules = await settings.read(tenantId);
    const { quarantineDays } = rules.extensionNumbers;
    const save = async (em: EntityManager, settledRows: readonly SettledRow[]) => {
      const news = await settleRows(em, { tenantId, runId, rows: settledRows, from: 'held', quarantineDays });
      const failed = news.filter(({ status }) => status === 'failed').length;
      const gone = news.filter(({ action }) => action === 'conflict').length;
      await countApproved(em, tenantId, approvalId, { done: news.length - failed - gone, failed, stale: gone });
    };
    const open = await lookAgain(tenantId, rows, rules);
    const openSeqs = new Set(open.map(({ row }) => row.seq));
    const staleRows = rows.filter(({ seq }) => !openSeqs.has(seq)).map(stale);
    if (staleRows.length > 0) await commit('removals-applied', (em) => save(em, staleRows));

    const byUser = new Map(open.map(({ row }) => [row.extension_user_id, row]));
    await pbxOf(tenantId).apply(
      open.map(({ change }) => change),
      async (outcomes, transaction) => {
        const rowsOf = outcomes.flatMap((outcome) => {
          const row = byUser.get(outcome.userId);
          return row ? [settled(row, outcome)] : [];
        });
        if (!transaction) return commit('removals-applied', (em) => save(em, rowsOf));
        await save(transaction, rowsOf);
        onCheckpoint('removals-applied', 'before');
      },
      signal,
    );
    onCheckpoint('removals-applied', 'after');
  };

  return async (key: ApprovalKey, control: StepControl): Promise<ApplyProgress> => {
    const { tenantId, approvalId } = key;
    const endsAt = clock().getTime() + pace.applyStretchMs;
    const approval = await orm.em.fork().findOne(ApprovalEntity, { tenantId, id: approvalId });
    if (approval?.state !== 'approved') return { outcome: 'complete' };
    for (let done = 0; ; ) {
      control.signal.throwIfAborted();
      const rows = await selectHeldRows(orm.em.fork(), tenantId, approval.runId, pace.applyBatch);
      if (rows.length === 0) break;
      await applyBatch(key, approval.runId, rows, control.signal);
      done += rows.length;
      control.heartbeat({ done });
      if (clock().getTime() >= endsAt) return { outcome: 'more' };
    }
    await commit('approval-ended', (em) => endApproval(em, tenantId, approvalId, clock()));
    return { outcome: 'complete' };
  };
};
