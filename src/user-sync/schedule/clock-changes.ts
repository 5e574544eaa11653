/** A stretch of local time that a day does not have, because clocks go forward. */
export interface ClockJump {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Seconds of the day: the first one that is missing, and the first one that is there again. */
  readonly fromSecond: number;
  readonly toSecond: number;
}

const DAY_MS = 86_400_000;

const offsetReader = (timeZone: string): ((atMs: number) => number) => {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (atMs) => {
    const [, sign, hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(format.format(atMs)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60) * 1_000;
  };
};

/** The first moment, to the second, at which the zone has the offset that it has at `endMs`. */
const changeBetween = (startMs: number, endMs: number, offsetAt: (atMs: number) => number): number => {
  const after = offsetAt(endMs);
  let low = startMs / 1_000;
  let high = endMs / 1_000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1_000) === after) high = middle;
    else low = middle;
  }
  return high * 1_000;
};

const toJump = (changeMs: number, beforeMs: number, afterMs: number): ClockJump => {
  const local = new Date(changeMs + beforeMs);
  const fromSecond = (local.getTime() % DAY_MS) / 1_000;
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    fromSecond,
    toSecond: fromSecond + (afterMs - beforeMs) / 1_000,
  };
};

/** When clocks of a zone go forward in two years from the first of January of `year`. Later laws are not known. */
export const clockJumps = (timeZone: string, year: number): ClockJump[] => {
  const offsetAt = offsetReader(timeZone);
  const jumps: ClockJump[] = [];
  const endMs = Date.UTC(year + 2, 0, 1);
  let before = offsetAt(Date.UTC(year, 0, 1));
  for (let dayMs = Date.UTC(year, 0, 1); dayMs < endMs; dayMs += DAY_MS) {
    const after = offsetAt(dayMs + DAY_MS);
    if (after > before) jumps.push(toJump(changeBetween(dayMs, dayMs + DAY_MS, offsetAt), before, after));
    before = after;
  }
  return jumps;
};
