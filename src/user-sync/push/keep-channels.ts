import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import { type AppError, isAppError } from '../../errors.ts';
import type { StepControl } from '../ports.ts';
import type { SyncPace } from '../runs/pace.ts';
import { type Channels, renewAt } from './channels.ts';
import type { PushBlocker } from './push-blocker.ts';
import { PUSH_EVENTS } from './push-events.ts';
import { type ChannelRow, saveUpkeep, selectUpkeep } from './push-queries.ts';

/** `rest`: there is nothing to keep until something changes, and whoever changes it says so. */
export type PushStep = { readonly next: 'wait'; readonly delayMs: number } | { readonly next: 'rest' };

export interface KeepChannelsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly channels: Channels;
  readonly blocker: PushBlocker;
  readonly pace: SyncPace;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
const REFUSED_PAUSE_MS = 60 * 60_000;
/** A tenant that cannot have channels is looked at again at times, beside being told of changes. */
const REST_MS = 15 * 60_000;

const pauseAfter = ({ kind, retryAfterMs }: AppError, failures: number): number => {
  if (kind === 'permanent') return REFUSED_PAUSE_MS;
  return Math.max(retryAfterMs ?? 0, Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 20), LONGEST_PAUSE_MS));
};

/**
 * Makes the channels of a tenant what they should be, as often as it is called: one open per event, replaced well
 * before its end, the old ones stopped; none at all when there cannot be any. Says when to come back.
 */
export const createKeepChannels = ({ orm, clock, channels, blocker, pace }: KeepChannelsDependencies) => {
  const stopAll = async (tenantId: string, signal: AbortSignal): Promise<void> => {
    for (const channel of await channels.of(tenantId)) await channels.stop(channel, signal);
  };

  const isFresh = (channel: ChannelRow | undefined): boolean =>
    channel !== undefined && clock().getTime() < renewAt(channel);

  /** @returns how long until the next one is to be replaced */
  const renew = async (tenantId: string, signal: AbortSignal): Promise<number> => {
    const before = await channels.of(tenantId);
    for (const event of PUSH_EVENTS) {
      const open = before.find((channel) => channel.event === event && channel.state === 'open');
      if (!isFresh(open)) await channels.open(tenantId, event, signal);
    }
    // What was being opened before we came was left by somebody who died over it.
    const known = new Set(before.map(({ id }) => id));
    const after = await channels.of(tenantId);
    for (const channel of after) {
      const isLeft = channel.state === 'stopping' || (channel.state === 'opening' && known.has(channel.id));
      if (isLeft) await channels.stop(channel, signal);
    }
    const next = Math.min(...after.filter(({ state }) => state === 'open').map(renewAt));
    return Math.max(next - clock().getTime(), pace.pushShortestWaitMs);
  };

  const note = (tenantId: string, upkeep: Parameters<typeof saveUpkeep>[2], delayMs: number): Promise<void> =>
    saveUpkeep(orm.em.fork(), tenantId, upkeep, new Date(clock().getTime() + delayMs));

  const rest = async (tenantId: string, problem: { code: string; message: string }, signal: AbortSignal) => {
    await stopAll(tenantId, signal);
    await note(tenantId, { problem, failures: 0 }, REST_MS);
    return { next: 'rest' } as const;
  };

  return {
    stopAll,

    async keep({ tenantId }: { readonly tenantId: string }, { signal }: StepControl): Promise<PushStep> {
      const blocked = await blocker(tenantId);
      if (blocked) return rest(tenantId, blocked, signal);
      try {
        const delayMs = await renew(tenantId, signal);
        await note(tenantId, { problem: null, failures: 0 }, delayMs);
        return { next: 'wait', delayMs };
      } catch (error) {
        if (!isAppError(error)) throw error;
        const problem = { code: error.code, message: error.publicMessage };
        if (error.kind === 'unauthorized') return rest(tenantId, problem, signal);
        const { failures } = await selectUpkeep(orm.em.fork(), tenantId);
        const delayMs = pauseAfter(error, failures);
        await note(tenantId, { problem, failures: failures + 1 }, delayMs);
        return { next: 'wait', delayMs };
      }
    },
  };
};
