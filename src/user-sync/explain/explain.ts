import type { Clock } from '../../clock.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { notFound } from '../../errors.ts';
import { type PlanCandidate, selectCandidates } from '../plan/candidate-queries.ts';
import { type Decision, decide } from '../plan/decide.ts';
import type { PlanAction, PlanReason } from '../plan/plan-types.ts';
import { decisionRulesOf } from '../plan/rules.ts';
import { newestSnapshot } from '../reading/newest-snapshot.ts';
import type { Profile } from '../reading/profile.ts';
import type { SettingsStore } from '../settings/settings.ts';
import {
  type HistoryRow,
  selectBinding,
  selectHistory,
  selectMeant,
  selectPhotoTrouble,
  selectSnapshotTime,
} from './explain-queries.ts';

export interface ExplainDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
}

/** What a sync would do now, as far as the newest complete reading tells. */
export interface Verdict {
  readonly action: PlanAction | 'none';
  /** Null with `none`: the extension is as it should be, or there is nothing to remove. */
  readonly reason: PlanReason | null;
}

export interface ExplainedNumber {
  readonly extensionNumber: number;
  /** `unknown`: the row that tells it is older than the log goes back. */
  readonly from: 'first-free' | 'kept-for-return' | 'existing-extension' | 'bound-by-hand' | 'unknown';
  readonly runId: string | null;
  readonly since: Date | null;
}

/** Why the photo could not be fetched the last time. A sync after `retryAt` tries again, or one that finds another photo. */
export interface PhotoTrouble {
  readonly code: string;
  readonly message: string;
  readonly retryAt: Date;
}

export interface HistoryEntry {
  readonly runId: string;
  readonly trigger: HistoryRow['trigger'];
  readonly requestedBy: string | null;
  readonly action: string;
  readonly status: string;
  readonly reason: string;
  readonly extensionNumber: number | null;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly at: Date;
}

export interface Explanation {
  readonly googleId: string | null;
  /** As Google told of the person last; null when it never did. */
  readonly profile: Profile | null;
  /** Whether the newest complete reading holds the person. */
  readonly listed: boolean;
  readonly inScope: boolean | null;
  /** When everybody was read last; null when that never happened. */
  readonly readAt: Date | null;
  readonly userId: string | null;
  readonly enabled: boolean | null;
  readonly disabledBy: 'sync' | 'administrator' | null;
  readonly verdict: Verdict;
  readonly number: ExplainedNumber | null;
  readonly photoTrouble: PhotoTrouble | null;
  /** Newest first, without previews. */
  readonly history: readonly HistoryEntry[];
}

const HISTORY_SHOWN = 200;

const toEntry = (row: HistoryRow): HistoryEntry => ({
  runId: row.run_id,
  trigger: row.trigger,
  requestedBy: row.requested_by,
  action: row.action,
  status: row.status,
  reason: row.reason,
  extensionNumber: row.extension_number === null ? null : Number(row.extension_number),
  before: row.before,
  after: row.after,
  errorCode: row.error_code,
  errorMessage: row.error_message,
  at: new Date(row.at_ms),
});

const verdictOf = (decision: Decision | null): Verdict =>
  decision ? { action: decision.action, reason: decision.reason } : { action: 'none', reason: null };

const sourceOf = (origin: 'created' | 'linked' | 'hand', made: HistoryRow | undefined): ExplainedNumber['from'] => {
  if (origin === 'hand') return 'bound-by-hand';
  if (origin === 'linked') return 'existing-extension';
  if (!made) return 'unknown';
  return made.reason === 'came-back' ? 'kept-for-return' : 'first-free';
};

/** Why somebody is synchronized or not, why this number, and what happened so far. */
export const createExplain = ({ orm, clock, settings }: ExplainDependencies) => {
  const numberOf = async (
    em: EntityManager,
    tenantId: string,
    { bound, googleId }: PlanCandidate,
    history: readonly HistoryRow[],
  ): Promise<ExplainedNumber | null> => {
    const binding = bound && (await selectBinding(em, tenantId, googleId));
    if (!bound || !binding) return null;
    const made = history.find(
      ({ action, status, extension_user_id }) =>
        (action === 'create' || action === 'link') && status === 'done' && extension_user_id === bound.userId,
    );
    return {
      extensionNumber: bound.extensionNumber,
      from: sourceOf(binding.origin, made),
      runId: made?.run_id ?? null,
      since: new Date(binding.since_ms),
    };
  };

  const photoTroubleOf = async (
    em: EntityManager,
    tenantId: string,
    googleId: string,
  ): Promise<PhotoTrouble | null> => {
    const row = await selectPhotoTrouble(em, tenantId, googleId);
    return row ? { code: row.code, message: row.message ?? row.code, retryAt: new Date(row.retry_ms) } : null;
  };

  /**
   * @param asked a Google id, an e-mail address or an extension number
   * @throws AppError NOT_FOUND when neither Google nor the PBX nor the log knows such a person
   */
  return async (tenantId: string, asked: string): Promise<Explanation> => {
    const em = orm.em.fork();
    const meant = await selectMeant(em, tenantId, asked.trim());
    if (!meant) throw notFound('person in the last reading of Google, in the PBX or in the log');
    const given = await settings.read(tenantId);
    const rules = decisionRulesOf(given, clock());
    const snapshot = await newestSnapshot(em, tenantId, given);
    const readAt = snapshot ? await selectSnapshotTime(em, tenantId, snapshot.snapshotOf) : undefined;
    const { google_id: googleId, user_id: userId } = meant;
    const history = googleId ? await selectHistory(em, tenantId, googleId, HISTORY_SHOWN) : [];
    const [candidate] = googleId && snapshot ? await selectCandidates(em, { ...snapshot, googleIds: [googleId] }) : [];
    return {
      googleId,
      profile: candidate?.profile ?? null,
      listed: candidate?.listed ?? false,
      inScope: candidate?.profile ? rules.isInScope(candidate.profile, candidate.inScopeGroup) : null,
      readAt: readAt ? new Date(readAt.at_ms) : null,
      userId: candidate?.bound?.userId ?? userId,
      enabled: candidate?.bound?.state.enabled ?? null,
      disabledBy: candidate?.bound?.disabledBy ?? null,
      verdict: candidate ? verdictOf(decide(candidate, rules)) : { action: 'none', reason: null },
      number: candidate ? await numberOf(em, tenantId, candidate, history) : null,
      photoTrouble: googleId ? await photoTroubleOf(em, tenantId, googleId) : null,
      history: history.map(toEntry),
    };
  };
};

export type Explain = ReturnType<typeof createExplain>;
