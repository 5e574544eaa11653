import { AppError, isAppError } from '../../errors.ts';
import { type GoogleGroups, type GooglePace, inTurn, type MemberPage } from '../../google/index.ts';
import type { DirectoryAccess } from '../ports.ts';
import type { Commit } from '../runs/checkpoints.ts';
import type { RunRow } from '../runs/run-queries.ts';
import type { Asking } from './asking.ts';
import { advanceMembers, insertMembers } from './group-queries.ts';
import { withAccessToken } from './with-access-token.ts';

export interface ReadMembersDependencies {
  readonly groups: GoogleGroups;
  readonly access: DirectoryAccess;
  readonly googlePace: GooglePace;
  readonly commit: Commit;
}

/** Codes that are about one group; an administrator has to be told which. */
const isAboutGroup = (error: unknown): error is AppError =>
  isAppError(error, 'GOOGLE_GROUP_NOT_FOUND') || isAppError(error, 'GOOGLE_GROUP_FORBIDDEN');

const naming = (group: string, error: AppError): AppError =>
  new AppError(error.code, `The group ${group} could not be read, so nobody was changed. ${error.publicMessage}`, {
    cause: error,
  });

/**
 * Reads one page of members of the group that a run has come to, and stores it with the place of the next in one
 * transaction. A group that cannot be read to its end stops the run: nobody leaves because of it.
 *
 * @returns false when somebody else has stored that page
 * @throws AppError GOOGLE_GROUP_NOT_FOUND, GOOGLE_GROUP_FORBIDDEN with the group's address; others of groups and access
 */
export const createReadMembers = ({ groups, access, googlePace, commit }: ReadMembersDependencies) => {
  const fetchPage = async (who: Asking, group: string, pageToken: string | undefined): Promise<MemberPage> => {
    try {
      return await withAccessToken(access, { tenantId: who.tenantId, need: 'groups' }, (accessToken) =>
        inTurn(googlePace, who, () => groups.listMembers({ accessToken, group, pageToken, signal: who.signal })),
      );
    } catch (error) {
      throw isAboutGroup(error) ? naming(group, error) : error;
    }
  };

  return async (who: Asking, run: RunRow): Promise<boolean> => {
    const group = run.scope_groups[run.groups_read];
    if (group === undefined) throw new Error('Every group of this run was read.');
    const page = await fetchPage(who, group, run.group_page_token ?? undefined);
    const read = {
      tenantId: who.tenantId,
      runId: run.id,
      listing: run.listing,
      groupNo: run.groups_read,
      page: run.group_page,
      ...page,
    };
    return commit('page-stored', async (em) => {
      if (!(await advanceMembers(em, read))) return false;
      await insertMembers(em, read);
      return true;
    });
  };
};
