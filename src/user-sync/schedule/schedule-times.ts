import { createHash } from 'node:crypto';
import type { SingleTime, WantedSchedule } from '../ports.ts';
import type { SyncSchedule } from '../settings/settings-types.ts';
import { type ClockJump, clockJumps } from './clock-changes.ts';

/** What decides about a tenant's schedule. */
export interface ScheduleFacts {
  readonly tenantId: string;
  readonly schedule: SyncSchedule;
  /** That of the tenant. */
  readonly timeZone: string;
  readonly paused: boolean;
  /** False while the tenant has no Google Workspace to read. */
  readonly connected: boolean;
}

const DAY_MS = 86_400_000;

/** Tenants that chose the same time of day begin within this, each always at its own moment. */
const DAILY_SPREAD_S = 15 * 60;
/** On top, a little chance at each time. */
const MOST_JITTER_MS = 60_000;
/** Temporal takes no shorter one. */
const LEAST_CATCH_UP_MS = 10_000;

/** A number that is a tenant's own, evenly spread, and the same for ever. */
export const offsetOf = (tenantId: string, below: number): number =>
  createHash('sha256').update(tenantId).digest().readUInt32BE(0) % below;

const secondsOfDay = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 3_600 + minutes * 60;
};

/** On a day that does not have this time, the same moment an hour (or what is missing) later by the clock. */
const insteadOf = (second: number, jumps: readonly ClockJump[]): SingleTime[] =>
  jumps
    .filter(({ fromSecond, toSecond }) => second >= fromSecond && second < toSecond)
    .map(({ year, month, day, fromSecond, toSecond }) => ({
      ...{ year, month, day },
      secondOfDay: second + toSecond - fromSecond,
    }));

/** Says of a tenant's settings when its runs begin. Remembers the clock changes of each zone for as long as it lives. */
export const createScheduleTimes = () => {
  const known = new Map<string, readonly ClockJump[]>();
  const jumpsOf = (timeZone: string, year: number): readonly ClockJump[] => {
    const key = `${timeZone} ${year}`;
    const jumps = known.get(key) ?? clockJumps(timeZone, year);
    known.set(key, jumps);
    return jumps;
  };

  const names = new Map<string, string>();
  /** Temporal looks names up by their exact spelling. */
  const exactName = (timeZone: string): string => {
    const name = names.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
    names.set(timeZone, name);
    return name;
  };

  return (facts: ScheduleFacts, now: Date): WantedSchedule => {
    const { tenantId, schedule } = facts;
    const paused = facts.paused || !facts.connected;
    if ('daily' in schedule) {
      const timeZone = exactName(schedule.timeZone ?? facts.timeZone);
      const secondOfDay = (secondsOfDay(schedule.daily) + offsetOf(tenantId, DAILY_SPREAD_S)) % 86_400;
      const instead = insteadOf(secondOfDay, jumpsOf(timeZone, now.getUTCFullYear()));
      const times = { kind: 'daily', secondOfDay, timeZone, instead } as const;
      return { tenantId, times, jitterMs: MOST_JITTER_MS, catchUpMs: DAY_MS, paused };
    }
    const everySeconds = Math.max(1, Math.round(schedule.every * 60));
    const everyMs = everySeconds * 1_000;
    return {
      ...{ tenantId, paused },
      times: { kind: 'every', everyMs, offsetMs: offsetOf(tenantId, everySeconds) * 1_000 },
      jitterMs: Math.min(MOST_JITTER_MS, Math.floor(everyMs / 10)),
      catchUpMs: Math.min(Math.max(everyMs, LEAST_CATCH_UP_MS), DAY_MS),
    };
  };
};
