import type { Clock } from '../../clock.ts';
import { SYSTEM_TENANT_ID } from '../../contracts/ids.ts';
import type { Orm } from '../../db/orm.ts';
import type { SyncSchedules } from '../ports.ts';
import { selectScheduleFacts, selectScheduleFactsPage } from './schedule-queries.ts';
import { createScheduleTimes, type ScheduleFacts } from './schedule-times.ts';

export interface KeepSchedulesDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly schedules: SyncSchedules;
  /** Told of a tenant whose schedule could not be changed; it is tried again by `reconcile`. */
  readonly onScheduleFailed: (error: unknown, tenantId: string) => void;
}

const PAGE = 500;
/** Changes under way at once: thousands of tenants are caught up with in seconds, and Temporal stays free for work. */
const AT_ONCE = 10;

/** Keeps the schedules of all tenants equal to their settings, which are the truth. */
export const createScheduleKeeping = ({ orm, clock, schedules, onScheduleFailed }: KeepSchedulesDependencies) => {
  const wantedOf = createScheduleTimes();

  /** @param how `make` leaves alone what another process made in the meantime */
  const attempt = async (tenantId: string, how: 'make' | 'put'): Promise<void> => {
    try {
      const facts = await selectScheduleFacts(orm.em.fork(), tenantId);
      await (facts ? schedules[how](wantedOf(facts, clock())) : schedules.remove(tenantId));
    } catch (error) {
      onScheduleFailed(error, tenantId);
    }
  };

  const attemptAll = async (tenantIds: readonly string[], how: 'make' | 'put', stop?: AbortSignal): Promise<void> => {
    const waiting = [...tenantIds];
    const next = () => (stop?.aborted ? undefined : waiting.pop());
    const takeTurns = async () => {
      for (let tenantId = next(); tenantId !== undefined; tenantId = next()) await attempt(tenantId, how);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
  };

  /** Null, which equals no mark, for settings that give no schedule: they fail alone when their turn comes. */
  const markOf = (facts: ScheduleFacts): string | null => {
    try {
      return schedules.markOf(wantedOf(facts, clock()));
    } catch {
      return null;
    }
  };

  return {
    /** Right after a change of one tenant. Never fails: what does not succeed now is mended by `reconcile`. */
    apply: (tenantId: string): Promise<void> => attempt(tenantId, 'put'),

    /**
     * Mends every difference: missing, other, and left over. An equal schedule costs no call. Several processes may do
     * so at once, since each change is read from the settings when it is made.
     *
     * @param stop ends it early, between two tenants
     * @throws what the list of schedules throws; failures of single tenants are told to `onScheduleFailed`
     */
    async reconcile(stop?: AbortSignal): Promise<{ readonly changed: number }> {
      // The list comes first: whatever stands in it was wanted before the settings are read.
      const leftOver = new Map(await schedules.marks());
      let changed = 0;
      let after = SYSTEM_TENANT_ID;
      for (;;) {
        const page = await selectScheduleFactsPage(orm.em.fork(), after, PAGE);
        const tenantIds = page
          .filter((facts) => leftOver.get(facts.tenantId) !== markOf(facts))
          .map(({ tenantId }) => tenantId);
        const missing = tenantIds.filter((tenantId) => !leftOver.has(tenantId));
        const other = tenantIds.filter((tenantId) => leftOver.has(tenantId));
        for (const { tenantId } of page) leftOver.delete(tenantId);
        await attemptAll(missing, 'make', stop);
        await attemptAll(other, 'put', stop);
        changed += tenantIds.length;
        const last = page.at(-1);
        if (!last || page.length < PAGE || stop?.aborted) break;
        after = last.tenantId;
      }
      await attemptAll([...leftOver.keys()], 'put', stop);
      return { changed: changed + leftOver.size };
    },
  };
};

export type ScheduleKeeping = ReturnType<typeof createScheduleKeeping>;
