import type { Clock } from '../../clock.ts';
import type { Orm } from '../../db/orm.ts';
import type { PushBlocker } from './push-blocker.ts';
import { PUSH_EVENTS, type PushEvent } from './push-events.ts';
import { selectChannels, selectUpkeep, type UpkeepProblem } from './push-queries.ts';

export interface ChannelView {
  readonly event: PushEvent;
  readonly expiresAt: Date;
  /** When Google's first message arrived; null when none has yet. */
  readonly provenAt: Date | null;
}

export interface PushView {
  /** `unproven`: opened at Google, but none of its messages has arrived yet. */
  readonly state: 'on' | 'unproven' | 'starting' | 'failing' | 'not-possible';
  readonly problem: UpkeepProblem | null;
  readonly channels: readonly ChannelView[];
}

export interface PushViewDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly blocker: PushBlocker;
}

/** What the keeper finds by itself before it asks Google. When it no longer holds, the keeper has not looked since. */
const isOutdated = ({ code }: UpkeepProblem): boolean => /^(PUSH|INTEGRATION|GRANT)_/.test(code);

/** How a tenant's channels stand, as an administrator sees it. */
export const createPushView =
  ({ orm, clock, blocker }: PushViewDependencies) =>
  async (tenantId: string): Promise<PushView> => {
    const em = orm.em.fork();
    const [blocked, rows, upkeep] = [
      await blocker(tenantId),
      await selectChannels(em, tenantId),
      await selectUpkeep(em, tenantId),
    ];
    const channels = rows.flatMap(({ state, event, expires_at, proven_at }): ChannelView[] =>
      state === 'open' && expires_at && expires_at > clock()
        ? [{ event, expiresAt: expires_at, provenAt: proven_at }]
        : [],
    );
    if (blocked) return { state: 'not-possible', problem: blocked, channels };
    const problem = upkeep.problem && !isOutdated(upkeep.problem) ? upkeep.problem : null;
    const isWhole = PUSH_EVENTS.every((event) => channels.some((channel) => channel.event === event));
    if (!isWhole) return { state: problem ? 'failing' : 'starting', problem, channels };
    const isProven = channels.some(({ provenAt }) => provenAt !== null);
    return { state: isProven ? 'on' : 'unproven', problem, channels };
  };
