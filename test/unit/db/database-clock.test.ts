import { expect, test } from '@jest/globals';
import { startDatabaseClock } from '../../../src/db/database-clock.ts';

const start = (readTime: (elapsed: { ms: number }) => Promise<Date>) => {
  const elapsed = { ms: 5_000 };
  const failed: unknown[] = [];
  const clock = startDatabaseClock({
    readTime: () => readTime(elapsed),
    elapsedMs: () => elapsed.ms,
    everyMs: 20,
    onFailed: (error) => failed.push(error),
  });
  return { elapsed, failed, clock };
};

test('the time is the database’s, whatever this machine’s clock says, and goes on between its answers', async () => {
  const { elapsed, clock } = start(async () => new Date('2030-01-01T00:00:00Z'));
  const { clock: now, stop } = await clock;
  expect(now().toISOString()).toBe('2030-01-01T00:00:00.000Z');
  elapsed.ms += 90_000;
  expect(now().toISOString()).toBe('2030-01-01T00:01:30.000Z');
  stop();
});

test('half of the way of the answer counts', async () => {
  const { clock } = start(async (elapsed) => {
    elapsed.ms += 200;
    return new Date('2030-01-01T00:00:00Z');
  });
  const { clock: now, stop } = await clock;
  expect(now().toISOString()).toBe('2030-01-01T00:00:00.100Z');
  stop();
});

test('while the database is away the time goes on; before its first answer it is this machine’s', async () => {
  let isAway = true;
  const { elapsed, failed, clock } = start(async () => {
    if (isAway) throw new Error('away');
    return new Date('2030-01-01T00:00:00Z');
  });
  const { clock: now, stop } = await clock;
  expect(failed).toHaveLength(1);
  expect(Math.abs(now().getTime() - Date.now())).toBeLessThan(1_000);
  isAway = false;
  for (const endsAt = Date.now() + 5_000; now().getFullYear() !== 2030 && Date.now() < endsAt; ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  isAway = true;
  elapsed.ms += 1_000;
  expect(now().getFullYear()).toBe(2030);
  stop();
});
