import type { SyncTickResult } from '../contracts/index.ts';
import type { UserSync } from '../user-sync/index.ts';

export interface TickToTake {
  readonly tenantId: string;
  readonly tickId: string;
  /** RFC 3339 */
  readonly scheduledFor: string;
}

/** The one step of a schedule's tick. */
export const createScheduleActivities = (userSync: Pick<UserSync, 'takeTick'>) => ({
  takeTick: async ({ scheduledFor, ...tick }: TickToTake): Promise<SyncTickResult> => ({
    outcome: await userSync.takeTick({ ...tick, scheduledFor: new Date(scheduledFor) }),
  }),
});

export type ScheduleActivities = ReturnType<typeof createScheduleActivities>;
