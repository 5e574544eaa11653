/** Google's longest pause that is honoured; a larger one is a mistake or a daily limit, and is asked about again. */
const LONGEST_PAUSE_MS = 24 * 60 * 60_000;

/** Gmail tells the time in the text only: "User-rate limit exceeded.  Retry after 2026-11-22T10:00:00.000Z". */
const INSTANT_IN_TEXT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z\b/;

const pauseUntil = (instantMs: number, now: Date): number | undefined =>
  Number.isNaN(instantMs) ? undefined : Math.min(Math.max(instantMs - now.getTime(), 0), LONGEST_PAUSE_MS);

const fromHeader = (header: string, now: Date): number | undefined =>
  /^\d+$/.test(header.trim())
    ? Math.min(Number(header.trim()) * 1000, LONGEST_PAUSE_MS)
    : pauseUntil(Date.parse(header), now);

const fromText = (text: string, now: Date): number | undefined => {
  const instant = INSTANT_IN_TEXT.exec(text)?.[0];
  return instant === undefined ? undefined : pauseUntil(Date.parse(instant), now);
};

/** How long Google asks us to wait, in milliseconds: its `retry-after` header (seconds or a date), else its text. */
export const readRetryAfterMs = (header: string | undefined, text: string, now: Date): number | undefined =>
  (header ? fromHeader(header, now) : undefined) ?? fromText(text, now);
