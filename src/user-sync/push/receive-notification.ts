import { timingSafeEqual } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { isAppError } from '../../errors.ts';
import type { Runs } from '../runs/runs.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { hashChannelToken } from './channels.ts';
import { type ChannelRow, markProven, selectChannel } from './push-queries.ts';

export interface Notification {
  readonly channelId: string;
  readonly token: string;
  readonly resourceId: string;
  /** `sync` is the first message of a channel; anything else tells of a change. */
  readonly state: string;
  /** Who changed. Nothing else of the message is believed. */
  readonly googleId: string | undefined;
}

/** `unknown`: not a message of a channel of ours. `busy`: more than we take; Google sends it again. */
export type Receipt = 'proven' | 'accepted' | 'unknown' | 'busy';

export interface NotificationLimit {
  /** Messages of one channel that one process takes in a second. */
  readonly perSecond: number;
}

export const NOTIFICATION_LIMIT: NotificationLimit = { perSecond: 200 };

export interface ReceiveNotificationDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly runs: Runs;
  readonly notificationLimit: NotificationLimit;
}

const NOBODY = hashChannelToken('');

/** Takes the same time whether there is such a channel or not. */
const isItsToken = (channel: ChannelRow | undefined, token: string): boolean => {
  const same = timingSafeEqual(Buffer.from(hashChannelToken(token)), Buffer.from(channel?.token_hash ?? NOBODY));
  return channel !== undefined && same;
};

/**
 * Takes a message that a directory changed. It is a hint and nothing more: the person it names is put into the run
 * that collects such people and is read again by it. Messages that come twice, late or out of order are harmless.
 */
export const createReceiveNotification = (dependencies: ReceiveNotificationDependencies) => {
  const { orm, clock, settings, runs, notificationLimit } = dependencies;
  const limiter = new RateLimiterMemory({ points: notificationLimit.perSecond, duration: 1 });

  const isTooMuch = (channelId: string): Promise<boolean> =>
    limiter.consume(channelId).then(
      () => false,
      (refusal) => {
        if (refusal instanceof RateLimiterRes) return true;
        throw refusal;
      },
    );

  const isOurs = (channel: ChannelRow | undefined, { token, resourceId }: Notification): channel is ChannelRow =>
    isItsToken(channel, token) &&
    (channel?.resource_id == null || channel.resource_id === resourceId) &&
    (channel?.expires_at == null || channel.expires_at > clock());

  const collect = async (tenantId: string, googleId: string): Promise<void> => {
    const { mode, paused } = await settings.read(tenantId);
    if (mode !== 'automatic' || paused) return;
    if (await runs.isPersonWaiting(tenantId, googleId)) return;
    try {
      await runs.requestPeople({ tenantId, keys: [googleId], trigger: 'push', requestedBy: null });
    } catch (error) {
      // Not connected, or too many wait already: the next run over everybody sees the change.
      if (!isAppError(error)) throw error;
    }
  };

  return async (notification: Notification): Promise<Receipt> => {
    const { channelId, resourceId, state, googleId } = notification;
    const channel = await selectChannel(orm.em.fork(), channelId);
    if (!isOurs(channel, notification)) return 'unknown';
    if (state === 'sync') {
      await markProven(orm.em.fork(), channel.tenant_id, channelId, resourceId, clock());
      return 'proven';
    }
    if (await isTooMuch(channelId)) return 'busy';
    if (googleId) await collect(channel.tenant_id, googleId);
    return 'accepted';
  };
};
