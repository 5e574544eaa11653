import { stringify } from 'csv-stringify/sync';
import type { PlanChange } from '../user-sync/index.ts';
import { toChangeBody } from './routes/user-sync-schemas.ts';

const COLUMNS = [
  'seq',
  'action',
  'status',
  'reason',
  'googleId',
  'email',
  'displayName',
  'extensionNumber',
  'before',
  'after',
  'errorCode',
  'errorMessage',
] as const;

const PAGE_SIZE = 500;

/** A cell that a spreadsheet would run as a formula is quoted (OWASP, "CSV injection"). */
const cell = (value: unknown): string => {
  const text =
    value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : `${value}`;
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
};

export interface ChangesPage {
  readonly limit: number;
  readonly afterSeq: number | undefined;
}

/**
 * A plan as CSV, piece by piece. The first page is read before anything is written, so that what cannot be read is
 * still an error answer.
 */
export const changesAsCsv = async (
  read: (page: ChangesPage) => Promise<readonly PlanChange[]>,
): Promise<AsyncIterable<string>> => {
  const first = await read({ limit: PAGE_SIZE, afterSeq: undefined });
  return (async function* () {
    yield stringify([COLUMNS]);
    for (let rows = first; rows.length > 0; rows = await read({ limit: PAGE_SIZE, afterSeq: rows.at(-1)?.seq })) {
      yield stringify(rows.map(toChangeBody).map((row) => COLUMNS.map((column) => cell(row[column]))));
    }
  })();
};
