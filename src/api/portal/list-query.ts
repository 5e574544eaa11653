import type { AppContext } from '../environment.ts';

const ROWS_PER_PAGE = 50;

/** The part of a list that a page's address asks for. */
export const listQuery = <Position>(
  c: AppContext,
  cursor: { decode(text: string | undefined): Position | undefined },
): { readonly after: Position | undefined; readonly limit: number; readonly isFirst: boolean } => {
  const text = c.req.query('cursor');
  return { after: cursor.decode(text), limit: ROWS_PER_PAGE, isFirst: text === undefined };
};
