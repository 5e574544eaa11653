import type { FieldError } from '../../errors.ts';
import { isTimeZone, TIME_ZONE_FIX } from '../../tenants/index.ts';
import type { SyncSchedule } from '../settings/settings-types.ts';

export interface ScheduleLimits {
  readonly shortestMinutes: number;
  readonly longestMinutes: number;
}

/** A quarter of an hour to a week. */
export const SCHEDULE_LIMITS: ScheduleLimits = { shortestMinutes: 15, longestMinutes: 10_080 };

const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

/** What an administrator has to mend of a schedule. */
export const scheduleProblems = (schedule: SyncSchedule, limits: ScheduleLimits): FieldError[] => {
  const problems: FieldError[] = [];
  if ('daily' in schedule && !TIME_OF_DAY.test(schedule.daily)) {
    problems.push({ field: 'schedule.daily', message: 'Use a time such as 00:30.' });
  }
  if ('every' in schedule) {
    const { shortestMinutes, longestMinutes } = limits;
    const isWithin = schedule.every >= shortestMinutes && schedule.every <= longestMinutes;
    if (!isWithin || !Number.isInteger(schedule.every)) {
      const message = `Use a whole number of minutes from ${shortestMinutes} to ${longestMinutes.toLocaleString('en')}.`;
      problems.push({ field: 'schedule.every', message });
    }
  }
  if (schedule.timeZone !== undefined && !isTimeZone(schedule.timeZone)) {
    problems.push({ field: 'schedule.timeZone', message: TIME_ZONE_FIX });
  }
  return problems;
};
