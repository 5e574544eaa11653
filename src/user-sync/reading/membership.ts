import type { EntityManager } from '../../db/orm.ts';
import { AppError } from '../../errors.ts';
import { groupsOf } from '../plan/scope.ts';
import type { RunRow } from '../runs/run-queries.ts';
import type { SyncScope } from '../settings/settings-types.ts';
import { selectMembershipOf } from './group-queries.ts';

/**
 * The run whose reading of the scope's groups a plan goes by: its own; for a run for a few people, the newest complete
 * one of the same groups. Null when the scope has no groups, or nothing was read of them yet.
 *
 * @throws AppError SYNC_SCOPE_CHANGED when the groups of the scope were changed after this run began to read
 */
export const membershipFor = async (
  em: EntityManager,
  tenantId: string,
  run: RunRow,
  scope: SyncScope,
): Promise<string | null> => {
  const groups = groupsOf(scope);
  if (groups.length === 0) return null;
  if (run.partial) return (await selectMembershipOf(em, tenantId, groups)) ?? null;
  if (groupsOf({ groups: run.scope_groups }).join() !== groups.join()) throw scopeChanged();
  return run.id;
};

const scopeChanged = (): AppError =>
  new AppError(
    'SYNC_SCOPE_CHANGED',
    'The groups of the scope were changed while this run read the groups from before. Nobody was changed. Sync again.',
  );
