const FIRST_MS = 10 * 60_000;
const LONGEST_MS = 7 * 24 * 60 * 60_000;

/**
 * How long a photo that failed is left alone, in milliseconds: 10 minutes at first, so that the next run tries it again,
 * then four times as long each time, up to a week. Another picture at Google is tried at once.
 *
 * @param failures in a row, at least 1
 */
export const photoRetryMs = (failures: number): number => Math.min(FIRST_MS * 4 ** (failures - 1), LONGEST_MS);
