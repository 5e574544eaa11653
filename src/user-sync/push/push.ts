import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import type { GoogleChannels, GooglePace } from '../../google/index.ts';
import type { DirectoryAccess } from '../ports.ts';
import type { SyncPace } from '../runs/pace.ts';
import type { Runs } from '../runs/runs.ts';
import type { SettingsStore } from '../settings/settings.ts';
import { createChannels } from './channels.ts';
import { createKeepChannels } from './keep-channels.ts';
import type { PushKeeper } from './ports.ts';
import type { PushAddress } from './push-address.ts';
import { createPushBlocker } from './push-blocker.ts';
import { selectNeglected } from './push-queries.ts';
import { createPushView } from './push-view.ts';
import { createReceiveNotification, NOTIFICATION_LIMIT, type NotificationLimit } from './receive-notification.ts';

export interface PushDependencies {
  readonly channels: GoogleChannels;
  readonly keeper: PushKeeper;
  readonly address: PushAddress;
  /** Told when the keeper could not be; `lookAfterNeglected` comes by again. */
  readonly onKeeperFailed: (error: unknown, tenantId: string) => void;
  readonly notificationLimit?: NotificationLimit;
}

export interface CreatePush {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly access: DirectoryAccess;
  readonly googlePace: GooglePace;
  readonly runs: Runs;
  readonly pace: SyncPace;
  readonly push: PushDependencies;
}

const OVERDUE_MS = 60_000;
const LAST_STOP_MS = 5_000;

/** Google tells of changes as they happen, where it can reach us. Everything works without it, only later. */
export const createPush = (given: CreatePush) => {
  const { orm, clock } = given;
  const { keeper, onKeeperFailed, notificationLimit = NOTIFICATION_LIMIT } = given.push;
  const all = { ...given, address: given.push.address, notificationLimit };
  const blocker = createPushBlocker(all);
  const channels = createChannels({ ...all, channels: given.push.channels });
  const { keep, stopAll } = createKeepChannels({ ...all, channels, blocker });

  /** Something that the channels depend on has changed. */
  const look = (tenantId: string): Promise<void> =>
    keeper.look(tenantId).catch((error) => onKeeperFailed(error, tenantId));

  return {
    keep,
    look,
    receive: createReceiveNotification(all),
    view: createPushView({ ...all, blocker }),

    /** Stops every channel of a tenant while its access still works; what cannot be reached in time ends by itself. */
    stop: ({ tenantId }: { readonly tenantId: string }): Promise<void> =>
      stopAll(tenantId, AbortSignal.timeout(LAST_STOP_MS)),

    /** Has those channels looked at that nobody looks after as they should. */
    async lookAfterNeglected(): Promise<void> {
      const overdueAt = new Date(clock().getTime() - OVERDUE_MS);
      for (const tenantId of await selectNeglected(orm.em.fork(), overdueAt)) await look(tenantId);
    },
  };
};

export type Push = ReturnType<typeof createPush>;
