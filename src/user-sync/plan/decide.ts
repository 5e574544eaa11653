import type { PbxUserFields } from '../../pbx/index.ts';
import { type Profile, toPbxFields } from '../reading/profile.ts';
import type { LeaverKind, LeaverPolicies, LeaverPolicy } from '../settings/settings-types.ts';
import type { ExtensionState, PlanAction, PlanReason } from './plan-types.ts';
import type { ScopeRule } from './scope.ts';

/** An extension user that a candidate is bound to. */
export interface BoundExtension {
  readonly userId: string;
  readonly extensionNumber: number;
  readonly revision: number;
  readonly state: ExtensionState;
  readonly disabledBy: 'sync' | 'administrator' | null;
}

/** What is known of a person's binding besides the extension itself. */
export interface BindingFacts {
  /** When sync disabled the extension, for as long as it stays disabled; in milliseconds since 1970. */
  readonly disabledAtMs: number | null;
  /** An administrator refused to remove the extension for this reason. */
  readonly rejectedRemoval: string | null;
}

/** An extension user with the candidate's e-mail address, whatever its case. */
export interface EmailMatch extends BoundExtension {
  /** The Google id it is bound to already, if any. */
  readonly boundTo: string | null;
  /** That person is listed with another address by now, which this extension is about to get. */
  readonly holderMoved: boolean;
}

/** Everything that is known of one Google user when the plan is made. */
export interface Candidate {
  readonly googleId: string;
  /** False when the complete listing does not hold the person: deleted, or moved out of the account. */
  readonly listed: boolean;
  /** As last seen; null for a person whose profile was never read. */
  readonly profile: Profile | null;
  /** A member of one of the scope's groups; false when the scope has none. */
  readonly inScopeGroup: boolean;
  readonly bound: (BoundExtension & BindingFacts) | null;
  readonly emailMatches: readonly EmailMatch[];
  /** Another unbound person with a lower Google id has the same address. */
  readonly emailTakenEarlier: boolean;
  /** The number of an extension that was deleted when the person left, kept for a return. */
  readonly reservedNumber: number | null;
}

export interface DecisionRules {
  readonly isInScope: ScopeRule;
  readonly leavers: LeaverPolicies;
  readonly linkByEmail: boolean;
  readonly nowMs: number;
}

/** What should happen to one person. `create` still lacks its number, which is given in Google id order. */
export interface Decision {
  readonly action: Exclude<PlanAction, 'waiting-for-number'>;
  readonly reason: PlanReason;
  readonly extension: BoundExtension | null;
  readonly after: ExtensionState | null;
}

type Presence =
  | { readonly here: true; readonly profile: Profile }
  | { readonly here: false; readonly kind: LeaverKind };

const presenceOf = ({ listed, profile, inScopeGroup }: Candidate, isInScope: DecisionRules['isInScope']): Presence => {
  if (!listed || !profile) return { here: false, kind: 'deleted' };
  if (profile.suspended) return { here: false, kind: 'suspended' };
  if (profile.archived) return { here: false, kind: 'archived' };
  if (!isInScope(profile, inScopeGroup)) return { here: false, kind: 'outOfScope' };
  return { here: true, profile };
};

const LEAVER_REASONS: Record<LeaverKind, PlanReason> = {
  suspended: 'suspended',
  archived: 'archived',
  deleted: 'deleted-in-google',
  outOfScope: 'out-of-scope',
};

const FIELDS = ['displayName', 'email', 'givenName', 'familyName', 'department', 'title'] as const;

const sameFields = (a: PbxUserFields, b: PbxUserFields): boolean =>
  FIELDS.every((field) => a[field] === b[field]) &&
  a.phones.length === b.phones.length &&
  a.phones.every((phone, i) => phone.type === b.phones[i]?.type && phone.value === b.phones[i]?.value);

const DAY_MS = 24 * 60 * 60_000;

const isAwayTooLong = (
  { disabledBy, disabledAtMs }: BoundExtension & BindingFacts,
  policy: LeaverPolicy,
  nowMs: number,
) =>
  typeof policy === 'object' &&
  disabledBy === 'sync' &&
  disabledAtMs !== null &&
  nowMs - disabledAtMs >= policy.deleteAfterDays * DAY_MS;

const decideLeaver = (bound: Candidate['bound'], kind: LeaverKind, rules: DecisionRules): Decision | null => {
  const reason = LEAVER_REASONS[kind];
  if (!bound) return kind === 'deleted' ? null : { action: 'skip', reason, extension: null, after: null };
  const policy = rules.leavers[kind];
  const isDue = isAwayTooLong(bound, policy, rules.nowMs);
  if (!bound.state.enabled && !isDue) return null;
  const kept = (by: PlanReason): Decision => ({ action: 'skip', reason: by, extension: bound, after: null });
  if (policy === 'keep') return kept('kept-by-policy');
  if (isDue) {
    if (bound.rejectedRemoval === 'away-too-long') return kept('kept-by-decision');
    return { action: 'delete', reason: 'away-too-long', extension: bound, after: null };
  }
  if (bound.rejectedRemoval === reason) return kept('kept-by-decision');
  return { action: 'disable', reason, extension: bound, after: { ...bound.state, enabled: false } };
};

const decideBound = (bound: BoundExtension, profile: Profile): Decision | null => {
  const fields = toPbxFields(profile);
  const cameBack = bound.disabledBy === 'sync';
  if (cameBack) {
    return { action: 'enable', reason: 'came-back', extension: bound, after: { ...fields, enabled: true } };
  }
  if (sameFields(bound.state, fields)) return null;
  const after = { ...fields, enabled: bound.state.enabled };
  return { action: 'update', reason: 'details-changed', extension: bound, after };
};

const conflict = (reason: PlanReason, extension: BoundExtension | null = null): Decision => ({
  action: 'conflict',
  reason,
  extension,
  after: null,
});

const decideNew = (candidate: Candidate, profile: Profile, linkByEmail: boolean): Decision => {
  if (candidate.emailTakenEarlier) return conflict('email-used-twice-in-google');
  const [match, another] = candidate.emailMatches.filter(({ holderMoved }) => !holderMoved);
  const fields = toPbxFields(profile);
  if (!match) {
    const reason = candidate.reservedNumber === null ? 'new-person' : 'came-back';
    return { action: 'create', reason, extension: null, after: { ...fields, enabled: true } };
  }
  if (another) return conflict('several-extensions-with-email');
  if (match.boundTo !== null) return conflict('extension-bound-to-another', match);
  if (!linkByEmail) return conflict('email-in-use', match);
  // After a reset nobody is bound, and whoever sync had disabled is back with this link.
  const after = { ...fields, enabled: match.state.enabled || match.disabledBy === 'sync' };
  return { action: 'link', reason: 'same-email', extension: match, after };
};

/**
 * The whole rule of user sync for one person. Null: nothing to do and nothing worth telling.
 * Only bound people are ever changed; whoever an administrator disabled stays disabled.
 */
export const decide = (candidate: Candidate, rules: DecisionRules): Decision | null => {
  const presence = presenceOf(candidate, rules.isInScope);
  if (!presence.here) return decideLeaver(candidate.bound, presence.kind, rules);
  if (candidate.bound) return decideBound(candidate.bound, presence.profile);
  return decideNew(candidate, presence.profile, rules.linkByEmail);
};
