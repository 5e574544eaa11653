import { admin, auth as googleAuth } from '@googleapis/admin';
import type { GoogleEndpoints } from '../config.ts';
import { toAppError } from './errors.ts';

const REQUEST_TIMEOUT_MS = 10_000;

export interface ReadCustomerId {
  readonly accessToken: string;
  readonly googleId: string;
}

/** The id of the Google customer a person belongs to; undefined when Google does not tell it. */
export type CustomerReader = (request: ReadCustomerId) => Promise<string | undefined>;

/** Reads it from the person's own record, which takes the directory scope and an administrator's role. */
export const createCustomerReader =
  (endpoints: GoogleEndpoints): CustomerReader =>
  async ({ accessToken, googleId }) => {
    const client = new googleAuth.OAuth2();
    client.setCredentials({ access_token: accessToken });
    const directory = admin({ version: 'directory_v1', auth: client, rootUrl: `${endpoints.admin}/` });
    try {
      const { data } = await directory.users.get(
        { userKey: googleId, fields: 'customerId' },
        { retry: false, timeout: REQUEST_TIMEOUT_MS },
      );
      return data.customerId || undefined;
    } catch (error) {
      throw toAppError(error);
    }
  };
