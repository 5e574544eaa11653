import type { AbsentPerson } from '../runs/partial-run-queries.ts';
import type { SyncScope } from '../settings/settings-types.ts';
import type { Candidate, Decision } from './decide.ts';
import type { PlannedChange } from './plan-queries.ts';

const leave = (decision: Decision): Decision => ({
  ...decision,
  action: 'skip',
  reason: 'left-to-full-run',
  after: null,
});

/**
 * What a run for a few people makes of a decision. Everybody who was asked for gets a row. What only a reading of
 * everybody can prove is left to it: that somebody is in no group of the scope. Nothing is ever deleted here.
 */
export const decidePartially = (decision: Decision | null, { bound }: Candidate, scope: SyncScope): Decision => {
  if (!decision) return { action: 'skip', reason: 'up-to-date', extension: bound, after: null };
  const action: string = decision.action;
  if (action === 'delete') return leave(decision);
  if (decision.reason === 'out-of-scope' && scope.groups.length > 0) return leave(decision);
  return decision;
};

/** The row of somebody whom Google did not tell of, or of another company: absence in one answer proves nothing. */
export const leftToFullRun = (person: AbsentPerson, seq: number): PlannedChange => ({
  seq,
  googleId: person.google_id,
  extensionUserId: null,
  action: 'skip',
  status: 'done',
  reason: person.outcome === 'other-company' ? 'other-company' : 'left-to-full-run',
  email: person.email,
  displayName: person.display_name,
  extensionNumber: null,
  before: null,
  after: null,
  expectedRevision: null,
  appliedHash: '',
});
