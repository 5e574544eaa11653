import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { isAppError } from '../../errors.ts';
import { type GoogleChannels, type GooglePace, inTurn } from '../../google/index.ts';
import type { DirectoryAccess } from '../ports.ts';
import type { SyncPace } from '../runs/pace.ts';
import { notificationUrl, type PushAddress } from './push-address.ts';
import type { PushEvent } from './push-events.ts';
import { type ChannelRow, deleteChannel, insertChannel, markOpen, selectChannels } from './push-queries.ts';

export interface ChannelsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly channels: GoogleChannels;
  readonly access: DirectoryAccess;
  readonly googlePace: GooglePace;
  readonly address: PushAddress;
  readonly pace: SyncPace;
}

export const hashChannelToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** A channel is replaced when three quarters of its life are over, however long Google made it. */
export const renewAt = ({ begun_at, expires_at }: ChannelRow): number => {
  const begun = begun_at.getTime();
  return begun + ((expires_at?.getTime() ?? begun) - begun) * 0.75;
};

/** Opening and stopping the channels of a tenant, each leaving its mark before and after Google is asked. */
export const createChannels = (dependencies: ChannelsDependencies) => {
  const { orm, clock, channels, access, googlePace, address, pace } = dependencies;

  const ask = async <Answer>(
    tenantId: string,
    signal: AbortSignal,
    send: (accessToken: string) => Promise<Answer>,
  ): Promise<Answer> => {
    const inItsTurn = (accessToken: string) =>
      inTurn(googlePace, { tenantId, urgency: 'scheduled', signal }, () => send(accessToken));
    const accessToken = await access.getAccessToken(tenantId);
    try {
      return await inItsTurn(accessToken);
    } catch (error) {
      if (!isAppError(error, 'GOOGLE_TOKEN_REJECTED')) throw error;
      await access.forgetAccessToken(tenantId, accessToken);
      return inItsTurn(await access.getAccessToken(tenantId));
    }
  };

  /** Stops it at Google when it can be; what cannot be stopped ends by itself, and its messages are not taken. */
  const stop = async ({ tenant_id: tenantId, id, resource_id: resourceId }: ChannelRow, signal: AbortSignal) => {
    if (resourceId) {
      await ask(tenantId, signal, (accessToken) => channels.stop({ accessToken, id, resourceId, signal })).catch(
        (error) => {
          if (!isAppError(error)) throw error;
        },
      );
    }
    await deleteChannel(orm.em.fork(), tenantId, id);
  };

  return {
    of: (tenantId: string) => selectChannels(orm.em.fork(), tenantId),
    stop,

    /**
     * Opens a channel in the place of the one that is open; messages of both are taken until the old one is stopped.
     *
     * @throws AppError of Google's channels or of the access; nothing has changed then
     */
    async open(tenantId: string, event: PushEvent, signal: AbortSignal): Promise<void> {
      const id = randomUUID();
      const token = randomBytes(32).toString('base64url');
      const em = orm.em.fork();
      if (!(await insertChannel(em, { tenantId, id, event, tokenHash: hashChannelToken(token), now: clock() }))) return;
      const request = { id, token, event, address: notificationUrl(address), ttlSeconds: pace.pushTtlSeconds, signal };
      let opened: Awaited<ReturnType<GoogleChannels['open']>>;
      try {
        opened = await ask(tenantId, signal, (accessToken) => channels.open({ ...request, accessToken }));
      } catch (error) {
        await deleteChannel(em, tenantId, id);
        throw error;
      }
      const { resourceId, expiresAt } = opened;
      const isOurs = await em.transactional((tx) => markOpen(tx, { tenantId, id, event, resourceId, expiresAt }));
      if (isOurs) return;
      await ask(tenantId, signal, (accessToken) => channels.stop({ accessToken, id, resourceId, signal })).catch(
        (error) => {
          if (!isAppError(error)) throw error;
        },
      );
    },
  };
};

export type Channels = ReturnType<typeof createChannels>;
