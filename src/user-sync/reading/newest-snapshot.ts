import type { EntityManager } from '../../db/orm.ts';
import { selectNewestSnapshot } from '../approvals/approval-queries.ts';
import type { CandidateQuery } from '../plan/candidate-queries.ts';
import { fingerprintOf } from '../plan/rules.ts';
import { groupsOf } from '../plan/scope.ts';
import type { SyncSettings } from '../settings/settings-types.ts';
import { selectMembershipOf } from './group-queries.ts';

/**
 * What to ask about people as the newest complete reading of the directory tells, with the groups of the scope read in
 * the same run; undefined when there is no such reading.
 */
export const newestSnapshot = async (
  em: EntityManager,
  tenantId: string,
  settings: SyncSettings,
): Promise<CandidateQuery | undefined> => {
  const groups = groupsOf(settings.scope);
  const membershipOf = groups.length > 0 ? await selectMembershipOf(em, tenantId, groups) : undefined;
  const snapshotOf = groups.length > 0 ? membershipOf : await selectNewestSnapshot(em, tenantId);
  if (snapshotOf === undefined) return undefined;
  return { tenantId, snapshotOf, membershipOf: membershipOf ?? null, partial: false, rules: fingerprintOf(settings) };
};
