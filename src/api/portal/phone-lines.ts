import { z } from 'zod';

export interface PhoneLine {
  readonly type: string;
  readonly value: string;
}

const LINE = /^(?:([^:+\d][^:]{0,31}):\s*)?(\S.{0,31})$/;

/** Phones as lines of text, `type: number`; a line without a type is a work phone. */
export const phoneLinesSchema = z
  .string()
  .max(1_000)
  .default('')
  .transform((text, context): PhoneLine[] => {
    const lines = text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean);
    if (lines.length > 10) context.addIssue({ code: 'custom', message: 'Give at most 10 phones.' });
    return lines.flatMap((line) => {
      const [, type, value] = LINE.exec(line) ?? [];
      if (value && /\d/.test(value)) return [{ type: type?.trim() ?? 'work', value }];
      context.addIssue({
        code: 'custom',
        message: `“${line.slice(0, 40)}” is not a phone. Write mobile: +49 170 1234567.`,
      });
      return [];
    });
  });

export const toPhoneLines = (phones: readonly PhoneLine[]): string =>
  phones.map(({ type, value }) => `${type}: ${value}`).join('\n');
