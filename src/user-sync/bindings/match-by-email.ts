import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { AppError } from '../../errors.ts';
import { openCandidates, type PlanCandidate } from '../plan/candidate-queries.ts';
import { type Decision, decide } from '../plan/decide.ts';
import type { PlanReason } from '../plan/plan-types.ts';
import { decisionRulesOf } from '../plan/rules.ts';
import { newestSnapshot } from '../reading/newest-snapshot.ts';
import type { SyncPace } from '../runs/pace.ts';
import type { SettingsStore } from '../settings/settings.ts';

export interface MatchByEmailDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly pace: SyncPace;
}

/** A person of the directory who has no extension yet. */
interface Unbound {
  readonly googleId: string;
  readonly email: string;
  readonly name: string;
}

export interface MatchProposal extends Unbound {
  readonly userId: string;
  readonly extensionNumber: string;
  readonly displayName: string;
}

export interface MatchConflict extends Unbound {
  readonly reason: PlanReason;
}

export interface Matches {
  readonly proposals: readonly MatchProposal[];
  readonly conflicts: readonly MatchConflict[];
  /** There were more than fit: save these, then match again. */
  readonly more: boolean;
}

/** The most proposals, and the most conflicts, of one answer; also the most that are saved at once. */
export const MOST_MATCHES = 1_000;

const unbound = ({ googleId, profile }: PlanCandidate): Unbound => ({
  googleId,
  email: profile?.email ?? '',
  name: profile?.displayName ?? '',
});

const toProposal = (candidate: PlanCandidate, { action, extension }: Decision): MatchProposal[] =>
  action === 'link' && extension
    ? [
        {
          ...unbound(candidate),
          userId: extension.userId,
          extensionNumber: String(extension.extensionNumber),
          displayName: extension.state.displayName,
        },
      ]
    : [];

/**
 * Says which people of the newest complete listing would be linked to an extension by their address, by the rules of a
 * sync, whatever *link by e-mail* is set to. It changes nothing.
 *
 * @throws AppError SYNC_NOT_READ_YET when nobody was read yet, or not the groups of the scope
 */
export const createMatchByEmail = ({ orm, clock, settings, pace }: MatchByEmailDependencies) => {
  return async (tenantId: string): Promise<Matches> => {
    const rules = await settings.read(tenantId);
    const decisionRules = { ...decisionRulesOf(rules, clock()), linkByEmail: true };
    return orm.em.fork().transactional(async (em) => {
      const snapshot = await newestSnapshot(em, tenantId, rules);
      if (!snapshot) throw notReadYet();
      const fetch = await openCandidates(em, { ...snapshot, disabledBefore: null });
      const proposals: MatchProposal[] = [];
      const conflicts: MatchConflict[] = [];
      for (let batch = await fetch(pace.planBatch); batch.length > 0; batch = await fetch(pace.planBatch)) {
        for (const candidate of batch) {
          const decision = candidate.bound ? null : decide(candidate, decisionRules);
          if (!decision) continue;
          proposals.push(...toProposal(candidate, decision));
          if (decision.action === 'conflict') conflicts.push({ ...unbound(candidate), reason: decision.reason });
        }
        if (proposals.length > MOST_MATCHES || conflicts.length > MOST_MATCHES) break;
      }
      return {
        proposals: proposals.slice(0, MOST_MATCHES),
        conflicts: conflicts.slice(0, MOST_MATCHES),
        more: proposals.length > MOST_MATCHES || conflicts.length > MOST_MATCHES,
      };
    });
  };
};

const notReadYet = (): AppError =>
  new AppError(
    'SYNC_NOT_READ_YET',
    'The directory was not read to its end yet, or the groups of the scope were changed since. Make a preview first; ' +
      'it changes nothing. Then match again.',
  );
