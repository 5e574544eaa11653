import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockJumps } from '../../../src/user-sync/schedule/clock-changes.ts';
import { createScheduleTimes, offsetOf, type ScheduleFacts } from '../../../src/user-sync/schedule/schedule-times.ts';

const timesOf = createScheduleTimes();
const NOW = new Date('2027-01-10T00:00:00Z');
const facts = (change: Partial<ScheduleFacts>): ScheduleFacts => ({
  tenantId: randomUUID(),
  schedule: { daily: '00:30' },
  timeZone: 'UTC',
  paused: false,
  connected: true,
  ...change,
});
const uuid = fc.uuid();
const local = (timeZone: string, at: number): string =>
  new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);

describe('a tenant’s own moment', () => {
  test('is the same each time, within the interval, and in whole seconds', () => {
    fc.assert(
      fc.property(uuid, fc.integer({ min: 15, max: 10_080 }), (tenantId, every) => {
        const wanted = timesOf(facts({ tenantId, schedule: { every } }), NOW);
        expect(timesOf(facts({ tenantId, schedule: { every } }), new Date())).toEqual(wanted);
        if (wanted.times.kind !== 'every') throw new Error('an interval was asked for');
        const { everyMs, offsetMs } = wanted.times;
        expect([everyMs, offsetMs % 1_000, offsetMs >= 0 && offsetMs < everyMs]).toEqual([every * 60_000, 0, true]);
        expect(wanted.jitterMs).toBeLessThanOrEqual(60_000);
        expect(wanted.jitterMs).toBeLessThanOrEqual(everyMs / 10);
        expect(wanted.catchUpMs).toBe(Math.min(everyMs, 86_400_000));
      }),
    );
  });

  test('of a daily run lies in the quarter of an hour after the time, over midnight too', () => {
    fc.assert(
      fc.property(uuid, fc.integer({ min: 0, max: 1_439 }), (tenantId, minute) => {
        const daily = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const { times } = timesOf(facts({ tenantId, schedule: { daily } }), NOW);
        if (times.kind !== 'daily') throw new Error('a daily time was asked for');
        const later = (times.secondOfDay - minute * 60 + 86_400) % 86_400;
        expect(later).toBeLessThan(900);
      }),
    );
  });

  test('spreads tenants evenly, so that no minute gets more than its share', () => {
    const minutes = Array.from({ length: 3_000 }, () => Math.floor(offsetOf(randomUUID(), 900) / 60));
    const perMinute = Array.from({ length: 15 }, (_, minute) => minutes.filter((one) => one === minute).length);
    // 200 are expected in each; 6 standard deviations are about 80.
    expect(Math.min(...perMinute)).toBeGreaterThan(120);
    expect(Math.max(...perMinute)).toBeLessThan(280);
  });
});

describe('the wanted schedule', () => {
  test('is paused by the settings or by a lost connection', () => {
    expect(timesOf(facts({}), NOW).paused).toBe(false);
    expect(timesOf(facts({ paused: true }), NOW).paused).toBe(true);
    expect(timesOf(facts({ connected: false }), NOW).paused).toBe(true);
  });

  test('takes the time zone of the schedule before the tenant’s, in its exact spelling', () => {
    const zoneOf = (change: Partial<ScheduleFacts>) => {
      const { times } = timesOf(facts(change), NOW);
      return times.kind === 'daily' ? times.timeZone : undefined;
    };
    expect(zoneOf({ timeZone: 'Europe/Berlin' })).toBe('Europe/Berlin');
    expect(zoneOf({ timeZone: 'UTC', schedule: { daily: '01:00', timeZone: 'america/new_york' } })).toBe(
      'America/New_York',
    );
  });
});

describe('when clocks go forward', () => {
  test.each([
    ['Europe/Berlin', 2027, ['2027-3-28 7200-10800', '2028-3-26 7200-10800']],
    ['America/New_York', 2027, ['2027-3-14 7200-10800', '2028-3-12 7200-10800']],
    ['Australia/Lord_Howe', 2027, ['2027-10-3 7200-9000', '2028-10-1 7200-9000']],
    ['America/Havana', 2025, ['2025-3-9 0-3600', '2026-3-8 0-3600']],
    ['UTC', 2027, []],
    ['Asia/Kolkata', 2027, []],
  ])('%s misses the hours that its law names', (timeZone, year, expected) => {
    const shown = clockJumps(timeZone, year).map((jump) => {
      return `${jump.year}-${jump.month}-${jump.day} ${jump.fromSecond}-${jump.toSecond}`;
    });
    expect(shown).toEqual(expected);
  });

  test('a daily run comes once that day all the same, at a time that exists', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'America/Santiago'];
    fc.assert(
      fc.property(uuid, fc.constantFrom(...zones), fc.integer({ min: 0, max: 239 }), (tenantId, timeZone, minute) => {
        const daily = `0${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
        const { times } = timesOf(facts({ tenantId, timeZone, schedule: { daily } }), NOW);
        if (times.kind !== 'daily') throw new Error('a daily time was asked for');
        const jumps = clockJumps(timeZone, 2027);
        const missing = jumps.filter((jump) => {
          return times.secondOfDay >= jump.fromSecond && times.secondOfDay < jump.toSecond;
        });
        expect(times.instead.map(({ year, month, day }) => [year, month, day])).toEqual(
          missing.map(({ year, month, day }) => [year, month, day]),
        );
        for (const { year, month, day, secondOfDay } of times.instead) {
          const wanted = new Date(Date.UTC(year, month - 1, day) + secondOfDay * 1_000).toISOString();
          const text = `${wanted.slice(0, 10)} ${wanted.slice(11, 19)}`;
          const around = Date.parse(wanted);
          const exists = Array.from({ length: 113 }, (_, i) => around + (i - 56) * 900_000).some(
            (at) => local(timeZone, at) === text,
          );
          expect([text, exists]).toEqual([text, true]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
