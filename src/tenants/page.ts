/** One page of a list and where the next one begins; no `next` on the last. */
export interface Page<Item, Position> {
  readonly items: readonly Item[];
  readonly next: Position | undefined;
}

export interface PageRequest<Position> {
  readonly after?: Position | undefined;
  readonly limit: number;
}

/** Turns up to `limit + 1` rows into a page: the extra row only tells that there is more. */
export const toPage = <Row, Item, Position>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  toPosition: (row: Row) => Position,
): Page<Item, Position> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    next: rows.length > limit && last !== undefined ? toPosition(last) : undefined,
  };
};
