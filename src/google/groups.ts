import type { admin_directory_v1 } from '@googleapis/admin';
import type { GoogleEndpoints } from '../config.ts';
import { AppError } from '../errors.ts';
import { createAdminClient, oneTry } from './admin-client.ts';
import { toAppError } from './errors.ts';

/** Google's largest page of members. */
export const MEMBER_PAGE_SIZE = 200;

const PAGE_TIMEOUT_MS = 60_000;

export interface MemberPage {
  /** People, nested ones included; of another company too, whom the listing of people does not hold. */
  readonly googleIds: readonly string[];
  /** The group holds the whole company. */
  readonly holdsEveryone: boolean;
  /** Absent on the last page. */
  readonly nextPageToken: string | undefined;
}

export interface ListMembers {
  readonly accessToken: string;
  /** Address or id of the group. */
  readonly group: string;
  readonly pageToken?: string | undefined;
  readonly signal?: AbortSignal;
}

export interface HasMember {
  readonly accessToken: string;
  readonly group: string;
  /** Google id or address of one of the company's people. */
  readonly person: string;
  readonly signal?: AbortSignal;
}

export interface GoogleGroups {
  /**
   * One page of at most 200 members of a group; Google resolves the groups within it.
   *
   * @throws AppError GOOGLE_GROUP_NOT_FOUND, GOOGLE_GROUP_FORBIDDEN, GOOGLE_SCOPE_MISSING, GOOGLE_TOKEN_REJECTED,
   * GOOGLE_API_DISABLED, GOOGLE_RATE_LIMITED, GOOGLE_UNAVAILABLE, GOOGLE_PAGE_TOKEN_REJECTED, GOOGLE_ANSWER_INVALID
   */
  listMembers(request: ListMembers): Promise<MemberPage>;
  /** Whether somebody of the company is a member, direct or nested. @throws AppError as `listMembers` */
  hasMember(request: HasMember): Promise<boolean>;
}

const isMember = (member: unknown): member is admin_directory_v1.Schema$Member =>
  typeof member === 'object' && member !== null;

/** An absent `members` is how Google says "none"; a person without an id is not an answer. */
const readPage = (data: admin_directory_v1.Schema$Members): MemberPage => {
  const members: unknown = data?.members ?? [];
  if (typeof data !== 'object' || !Array.isArray(members) || !members.every(isMember)) throw unreadable();
  const people = members.filter(({ type }) => type === 'USER');
  const googleIds = people.flatMap(({ id }) => (typeof id === 'string' && id !== '' ? [id] : []));
  if (googleIds.length !== people.length) throw unreadable();
  return {
    googleIds,
    holdsEveryone: members.some(({ type }) => type === 'CUSTOMER'),
    nextPageToken: data.nextPageToken || undefined,
  };
};

const unreadable = (): AppError =>
  new AppError('GOOGLE_ANSWER_INVALID', 'Google sent a list of members that cannot be read; it is asked again.');

/** Groups of the Admin SDK's Directory API. Retries are the caller's. */
export const createGoogleGroups = (endpoints: GoogleEndpoints): GoogleGroups => ({
  async listMembers({ accessToken, group, pageToken, signal }) {
    try {
      const { data } = await createAdminClient(endpoints, accessToken).members.list(
        {
          groupKey: group,
          includeDerivedMembership: true,
          maxResults: MEMBER_PAGE_SIZE,
          fields: 'nextPageToken,members(id,type)',
          ...(pageToken && { pageToken }),
        },
        oneTry(PAGE_TIMEOUT_MS, signal),
      );
      return readPage(data);
    } catch (error) {
      throw toAppError(error, { pageToken: pageToken !== undefined, group: true });
    }
  },

  async hasMember({ accessToken, group, person, signal }) {
    try {
      const { data } = await createAdminClient(endpoints, accessToken).members.hasMember(
        { groupKey: group, memberKey: person },
        oneTry(PAGE_TIMEOUT_MS, signal),
      );
      return data.isMember === true;
    } catch (error) {
      throw toAppError(error, { group: true });
    }
  },
});
