import { type Clock, systemClock } from '../clock.ts';

export interface DatabaseClockOptions {
  /** The database's time. */
  readonly readTime: () => Promise<Date>;
  /** Milliseconds that go on evenly, whatever happens to this machine's clock. */
  readonly elapsedMs: () => number;
  readonly everyMs: number;
  /** Told when the database did not answer; the time goes on from its last answer. */
  readonly onFailed: (error: unknown) => void;
}

export interface DatabaseClock {
  readonly clock: Clock;
  stop(): void;
}

/**
 * The time of the database, which all processes share: one whose own clock is wrong by hours, or is set while it runs,
 * decides about ages and days of grace like every other. It is asked now and again; in between, and while it does not
 * answer, the time goes on by itself. Only a process that never reached it goes by the machine's clock.
 */
export const startDatabaseClock = async (options: DatabaseClockOptions): Promise<DatabaseClock> => {
  const { readTime, elapsedMs, everyMs, onFailed } = options;
  let known: { readonly timeMs: number; readonly atMs: number } | undefined;

  const ask = async (): Promise<void> => {
    const askedMs = elapsedMs();
    const time = await readTime();
    const atMs = elapsedMs();
    known = { timeMs: time.getTime() + (atMs - askedMs) / 2, atMs };
  };
  await ask().catch(onFailed);
  const timer = setInterval(() => void ask().catch(onFailed), everyMs);
  timer.unref();

  return {
    clock: () => (known ? new Date(known.timeMs + elapsedMs() - known.atMs) : systemClock()),
    stop: () => clearInterval(timer),
  };
};
