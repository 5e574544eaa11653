import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { AppError, notFound } from '../../errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppContext, AppEnv } from '../environment.ts';

const BODY_MAX_BYTES = 64 * 1024;
const BUSY_RETRY_MS = 1_000;

/** @see https://developers.google.com/workspace/admin/directory/v1/guides/push#understanding-the-notification-message-format */
const headersSchema = z.object({
  'x-goog-channel-id': z.uuid(),
  'x-goog-channel-token': z.string().min(1).max(256),
  'x-goog-resource-id': z.string().min(1).max(256),
  'x-goog-resource-state': z.string().min(1).max(32),
});

/** The message names the person; what else it says is never read. A `sync` message has no body. */
const bodySchema = z.object({ id: z.string().regex(/^\d{1,32}$/) });

const googleIdOf = async (c: AppContext): Promise<string | undefined> => {
  const body: unknown = await c.req.json().catch(() => undefined);
  return bodySchema.safeParse(body).data?.id;
};

const unknownChannel = (): AppError => notFound('address');

/**
 * Where Google tells of changed users. Messages are not signed: the channel’s own token says that they are Google’s.
 * Google sends again after 500 to 504, and gives up after anything else that is not 2xx.
 */
export const createGoogleNotificationRoutes = ({ userSync }: Pick<ApiDependencies, 'userSync'>) =>
  new Hono<AppEnv>().post('/google/notifications', bodyLimit({ maxSize: BODY_MAX_BYTES }), async (c) => {
    const headers = headersSchema.safeParse(c.req.header());
    if (!headers.success) throw unknownChannel();
    const receipt = await userSync.push.receive({
      channelId: headers.data['x-goog-channel-id'],
      token: headers.data['x-goog-channel-token'],
      resourceId: headers.data['x-goog-resource-id'],
      state: headers.data['x-goog-resource-state'],
      googleId: await googleIdOf(c),
    });
    switch (receipt) {
      case 'proven':
        return c.body(null, 200);
      case 'accepted':
        return c.body(null, 204);
      case 'unknown':
        throw unknownChannel();
      case 'busy':
        throw new AppError('UNAVAILABLE', 'More messages than are taken at once.', { retryAfterMs: BUSY_RETRY_MS });
    }
  });
