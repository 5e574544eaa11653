import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { WantedSchedule } from '../user-sync/index.ts';

type Listed = NonNullable<Awaited<ReturnType<Client['workflowService']['listSchedules']>>['schedules']>[number];
type ListedInfo = NonNullable<Listed['info']>;
type ListedSpec = NonNullable<ListedInfo['spec']>;
type ListedDuration = ListedSpec['jitter'];
type ListedCalendar = NonNullable<ListedSpec['structuredCalendar']>[number];

const toMs = (duration: ListedDuration): number =>
  Number(duration?.seconds ?? 0) * 1_000 + (duration?.nanos ?? 0) / 1_000_000;

const startsOf = (calendar: ListedCalendar): string =>
  [calendar.year, calendar.month, calendar.dayOfMonth, calendar.hour, calendar.minute, calendar.second]
    .map((ranges) => (ranges ?? []).map(({ start }) => start ?? 0).join(','))
    .join(' ');

/** Seconds of a day as hour, minute and second. */
export const clockOf = (secondOfDay: number) => ({
  hour: Math.floor(secondOfDay / 3_600),
  minute: Math.floor(secondOfDay / 60) % 60,
  second: secondOfDay % 60,
});

const clockText = (secondOfDay: number): string => Object.values(clockOf(secondOfDay)).join(' ');

/** In the form in which Temporal gives back what was put: a daily time has no year, and every month and day. */
const wantedText = ({ times, jitterMs }: WantedSchedule): string => {
  if (times.kind === 'every') return `${times.everyMs}+${times.offsetMs};;UTC;${jitterMs}`;
  const calendars = [
    ` 1 1 ${clockText(times.secondOfDay)}`,
    ...times.instead.map(({ year, month, day, secondOfDay }) => `${year} ${month} ${day} ${clockText(secondOfDay)}`),
  ];
  return `;${calendars.join('/')};${times.timeZone};${jitterMs}`;
};

const listedText = ({ interval, structuredCalendar, timezoneName, jitter }: ListedSpec): string => {
  const intervals = (interval ?? []).map((one) => `${toMs(one.interval)}+${toMs(one.phase)}`);
  const calendars = (structuredCalendar ?? []).map(startsOf);
  return `${intervals.join('/')};${calendars.join('/')};${timezoneName || 'UTC'};${toMs(jitter)}`;
};

/**
 * The note of a schedule: a word to whoever looks at it in Temporal, and a fingerprint of all that was put, the key
 * included that its input is encrypted with.
 */
export const noteOf = (wanted: WantedSchedule, keyMark: string): string => {
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([1, wanted, keyMark]))
    .digest('hex')
    .slice(0, 16);
  return `Kept equal to the settings of user sync; what is changed here does not last. ${fingerprint}`;
};

export const wantedMark = (wanted: WantedSchedule, keyMark: string): string =>
  [noteOf(wanted, keyMark), wanted.paused, wantedText(wanted)].join('|');

export const listedMark = (info: ListedInfo): string =>
  [info.notes ?? '', info.paused === true, listedText(info.spec ?? {})].join('|');
