import type { admin_directory_v1 } from '@googleapis/admin';
import type { GoogleEndpoints } from '../config.ts';
import { AppError } from '../errors.ts';
import { createAdminClient, oneTry } from './admin-client.ts';
import { toAppError } from './errors.ts';

/** Google's largest page. */
export const DIRECTORY_PAGE_SIZE = 500;

const REQUEST_TIMEOUT_MS = 60_000;
const PERSON_TIMEOUT_MS = 20_000;

/** What user sync reads of a person and nothing more: the answer is a third of the size and twice as fast. */
const USER_FIELDS = [
  'id',
  'primaryEmail',
  'name(givenName,familyName,fullName,displayName)',
  'suspended',
  'archived',
  'orgUnitPath',
  'phones',
  'organizations',
  'thumbnailPhotoEtag',
].join(',');

/** A person as the Directory API tells it. `phones` and `organizations` are typed `any` by Google: check before use. */
export type DirectoryUser = admin_directory_v1.Schema$User & { readonly id: string; readonly primaryEmail: string };

export interface DirectoryPage {
  readonly users: readonly DirectoryUser[];
  /** Absent on the last page. */
  readonly nextPageToken: string | undefined;
}

export interface ListUsers {
  readonly accessToken: string;
  readonly pageToken?: string | undefined;
  readonly signal?: AbortSignal;
}

export interface GetUser {
  readonly accessToken: string;
  /** A Google id or an e-mail address. */
  readonly userKey: string;
  readonly signal?: AbortSignal;
}

export interface GoogleDirectory {
  /**
   * One page of at most 500 people of the whole customer account, ordered by e-mail.
   *
   * @throws AppError GOOGLE_TOKEN_REJECTED, GOOGLE_FORBIDDEN, GOOGLE_SCOPE_MISSING, GOOGLE_API_DISABLED,
   * GOOGLE_RATE_LIMITED, GOOGLE_UNAVAILABLE, GOOGLE_PAGE_TOKEN_REJECTED, GOOGLE_ANSWER_INVALID
   */
  listUsers(request: ListUsers): Promise<DirectoryPage>;
  /**
   * One person as of now, with `customerId`: a reseller's token reads people of its customers as well. Undefined when
   * Google answers with somebody who is deleted.
   *
   * @throws AppError GOOGLE_NOT_FOUND, GOOGLE_TOKEN_REJECTED, GOOGLE_FORBIDDEN, GOOGLE_SCOPE_MISSING,
   * GOOGLE_API_DISABLED, GOOGLE_REQUEST_REJECTED, GOOGLE_RATE_LIMITED, GOOGLE_UNAVAILABLE, GOOGLE_ANSWER_INVALID
   */
  getUser(request: GetUser): Promise<DirectoryUser | undefined>;
}

const isIdentified = (user: admin_directory_v1.Schema$User): user is DirectoryUser =>
  typeof user.id === 'string' && user.id !== '' && typeof user.primaryEmail === 'string' && user.primaryEmail !== '';

const unreadable = (): AppError =>
  new AppError('GOOGLE_ANSWER_INVALID', 'Google sent people in a form that cannot be read; it is asked again.');

/** An absent `users` is how Google says "none"; anything else that is not a list is not an answer. */
const readPage = (data: admin_directory_v1.Schema$Users): DirectoryPage => {
  const users = data?.users ?? [];
  if (typeof data !== 'object' || !Array.isArray(users) || !users.every(isIdentified)) {
    throw unreadable();
  }
  return { users, nextPageToken: data.nextPageToken || undefined };
};

/** The Directory API of the Admin SDK. Retries are the caller's: a run waits durably, a client would wait in memory. */
export const createGoogleDirectory = (endpoints: GoogleEndpoints): GoogleDirectory => ({
  async listUsers({ accessToken, pageToken, signal }) {
    const directory = createAdminClient(endpoints, accessToken);
    try {
      const { data } = await directory.users.list(
        {
          customer: 'my_customer',
          maxResults: DIRECTORY_PAGE_SIZE,
          orderBy: 'email',
          projection: 'basic',
          fields: `nextPageToken,users(${USER_FIELDS})`,
          ...(pageToken && { pageToken }),
        },
        oneTry(REQUEST_TIMEOUT_MS, signal),
      );
      return readPage(data);
    } catch (error) {
      throw toAppError(error, { pageToken: pageToken !== undefined });
    }
  },

  async getUser({ accessToken, userKey, signal }) {
    const directory = createAdminClient(endpoints, accessToken);
    try {
      const { data } = await directory.users.get(
        { userKey, projection: 'basic', fields: `${USER_FIELDS},customerId,deletionTime` },
        { retry: false, timeout: PERSON_TIMEOUT_MS, ...(signal && { signal }) },
      );
      if (!isIdentified(data)) throw unreadable();
      return data.deletionTime ? undefined : data;
    } catch (error) {
      throw toAppError(error);
    }
  },
});
