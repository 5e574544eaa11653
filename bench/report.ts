/** One figure of a benchmark; with a target it can be missed. */
export type Line = {
  what: string;
  value: number;
  unit: string;
  /** At most; or a range. */
  target?: { most: number } | { least: number; most: number };
  note?: string;
};

export const isMet = ({ value, target }: Line): boolean =>
  target === undefined || (value <= target.most && (!('least' in target) || value >= target.least));

const targetText = ({ target }: Line): string => {
  if (!target) return '';
  return 'least' in target ? `${target.least} to ${target.most}` : `at most ${target.most}`;
};

const round = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/** Prints every figure beside its target; true when none was missed. */
export const printReport = (lines: readonly Line[]): boolean => {
  console.log(`\n${'what'.padEnd(58)} ${'measured'.padStart(12)}  ${'target'.padEnd(14)}`);
  for (const line of lines) {
    const verdict = line.target ? (isMet(line) ? 'met' : 'MISSED') : '';
    const value = `${round(line.value)} ${line.unit}`.trim();
    console.log(
      `${line.what.padEnd(58)} ${value.padStart(12)}  ${targetText(line).padEnd(14)} ${verdict.padEnd(6)} ${line.note ?? ''}`.trimEnd(),
    );
  }
  return lines.every(isMet);
};

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
