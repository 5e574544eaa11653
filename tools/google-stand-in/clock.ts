/** The stand-in's time: the given clock plus a skew that tests may set. Milliseconds since the epoch. */
export type Clock = { now(): number; skewMs: number };

export function createClock(source: () => number = Date.now): Clock {
  return {
    skewMs: 0,
    now() {
      return source() + this.skewMs;
    },
  };
}
