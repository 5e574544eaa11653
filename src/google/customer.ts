import type { GoogleEndpoints } from '../config.ts';
import { createAdminClient, oneTry } from './admin-client.ts';
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
    try {
      const { data } = await createAdminClient(endpoints, accessToken).users.get(
        { userKey: googleId, fields: 'customerId' },
        oneTry(REQUEST_TIMEOUT_MS, undefined),
      );
      return data.customerId || undefined;
    } catch (error) {
      throw toAppError(error);
    }
  };
