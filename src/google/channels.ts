import type { GoogleEndpoints } from '../config.ts';
import { AppError } from '../errors.ts';
import { createAdminClient, oneTry } from './admin-client.ts';
import { toAppError } from './errors.ts';

const REQUEST_TIMEOUT_MS = 20_000;

/** What Google can tell of as it happens. @see https://developers.google.com/workspace/admin/directory/v1/guides/push */
export type ChannelEvent = 'add' | 'delete' | 'makeAdmin' | 'undelete' | 'update';

export interface OpenChannel {
  readonly accessToken: string;
  /** Ours, never used before. */
  readonly id: string;
  /** Comes back with every message; at most 256 characters. */
  readonly token: string;
  readonly event: ChannelEvent;
  /** Where Google sends to. */
  readonly address: string;
  readonly ttlSeconds: number;
  readonly signal: AbortSignal;
}

export interface OpenedChannel {
  /** Needed to stop it. */
  readonly resourceId: string;
  /** Google may grant less time than asked for. */
  readonly expiresAt: Date;
}

export interface StopChannel {
  readonly accessToken: string;
  readonly id: string;
  readonly resourceId: string;
  readonly signal: AbortSignal;
}

/** Channels through which Google tells of changed users. */
export interface GoogleChannels {
  /**
   * @throws AppError GOOGLE_PUSH_REFUSED when Google does not take the address; GOOGLE_TOKEN_REJECTED,
   * GOOGLE_FORBIDDEN, GOOGLE_SCOPE_MISSING, GOOGLE_API_DISABLED, GOOGLE_RATE_LIMITED, GOOGLE_UNAVAILABLE,
   * GOOGLE_ANSWER_INVALID
   */
  open(request: OpenChannel): Promise<OpenedChannel>;
  /** @throws AppError as `open`; GOOGLE_NOT_FOUND when it is over, or another account or client opened it */
  stop(request: StopChannel): Promise<void>;
}

const invalidAnswer = (): AppError =>
  new AppError('GOOGLE_ANSWER_INVALID', 'Google did not say when its channel ends; another one is opened.');

/** @see https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/watch */
export const createGoogleChannels = (endpoints: GoogleEndpoints): GoogleChannels => ({
  async open({ accessToken, id, token, event, address, ttlSeconds, signal }) {
    try {
      const { data } = await createAdminClient(endpoints, accessToken).users.watch(
        {
          customer: 'my_customer',
          event,
          requestBody: { id, token, address, type: 'web_hook', params: { ttl: String(ttlSeconds) } },
        },
        oneTry(REQUEST_TIMEOUT_MS, signal),
      );
      const expiresAt = new Date(Number(data.expiration));
      if (!data.resourceId || Number.isNaN(expiresAt.getTime())) throw invalidAnswer();
      return { resourceId: data.resourceId, expiresAt };
    } catch (error) {
      throw toAppError(error, { channel: true });
    }
  },

  async stop({ accessToken, id, resourceId, signal }) {
    try {
      await createAdminClient(endpoints, accessToken).channels.stop(
        { requestBody: { id, resourceId } },
        oneTry(REQUEST_TIMEOUT_MS, signal),
      );
    } catch (error) {
      throw toAppError(error);
    }
  },
});
