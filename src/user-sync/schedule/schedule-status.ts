import { type SyncRun, SyncRunEntity, type SyncTick, SyncTickEntity, TenantEntity } from '../../db/entities/index.ts';
import type { Orm } from '../../db/orm.ts';
import type { SyncSchedules } from '../ports.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { SyncSchedule } from '../settings/settings-types.ts';
import { selectScheduleFacts } from './schedule-queries.ts';

export interface ScheduleStatusDependencies {
  readonly orm: Orm;
  readonly settings: SettingsStore;
  readonly schedules: SyncSchedules;
}

/** Why nothing runs by itself. */
export type ScheduleHalt = 'mode-not-chosen' | 'manual-mode' | 'paused' | 'not-connected';

export interface ScheduleStatus {
  readonly state: 'running' | 'paused' | 'off';
  /** Null while it runs. */
  readonly reason: ScheduleHalt | null;
  readonly schedule: SyncSchedule;
  /** The one that the schedule's times are read in. */
  readonly timeZone: string;
  /** Nearest first; empty while nothing runs by itself, null when the workflow service does not answer. */
  readonly nextRuns: readonly Date[] | null;
  /** The newest run that the schedule started. */
  readonly lastRun: SyncRun | null;
  /** Times that started no run, newest first, with the reason of each. */
  readonly skipped: readonly SyncTick[];
  /** Times that went by before anybody could take them; null when the workflow service does not answer. */
  readonly missed: number | null;
}

const SKIPPED_SHOWN = 10;
const NEXT_SHOWN = 3;

/** What a tenant's schedule did, left out and does next. */
export const createScheduleStatus = ({ orm, settings, schedules }: ScheduleStatusDependencies) => {
  const outlookOf = async (tenantId: string) => {
    try {
      const outlook = await schedules.outlook(tenantId);
      return { nextRuns: outlook?.next.slice(0, NEXT_SHOWN) ?? [], missed: outlook?.missed ?? 0 };
    } catch {
      // The page is of use without it, and says that it is not known.
      return { nextRuns: null, missed: null };
    }
  };

  return async (tenantId: string): Promise<ScheduleStatus> => {
    const [{ mode, paused, schedule }, tenant, facts, lastRun, skipped] = await Promise.all([
      settings.read(tenantId),
      orm.em.fork().findOneOrFail(TenantEntity, { id: tenantId }),
      selectScheduleFacts(orm.em.fork(), tenantId),
      orm.em.fork().findOne(SyncRunEntity, { tenantId, trigger: 'schedule' }, { orderBy: { createdAt: 'desc' } }),
      orm.em
        .fork()
        .find(
          SyncTickEntity,
          { tenantId, outcome: { $ne: 'started' } },
          { orderBy: { scheduledFor: 'desc', id: 'asc' }, limit: SKIPPED_SHOWN },
        ),
    ]);
    const known = { schedule, timeZone: schedule.timeZone ?? tenant.timeZone, lastRun, skipped };
    if (mode !== 'automatic') {
      const reason = mode === null ? 'mode-not-chosen' : 'manual-mode';
      return { ...known, state: 'off', reason, nextRuns: [], missed: 0 };
    }
    const { nextRuns, missed } = await outlookOf(tenantId);
    if (paused) return { ...known, state: 'paused', reason: 'paused', nextRuns: [], missed };
    if (!facts?.connected) return { ...known, state: 'paused', reason: 'not-connected', nextRuns: [], missed };
    return { ...known, state: 'running', reason: null, nextRuns, missed };
  };
};
