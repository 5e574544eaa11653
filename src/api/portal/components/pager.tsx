export interface PagerProps {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly nextCursor: string | null;
  readonly isFirst: boolean;
}

const address = (path: string, query: Readonly<Record<string, string>>): string => {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
};

/** On to the next page of a long list, or back to its beginning. */
export const Pager = ({ path, query = {}, nextCursor, isFirst }: PagerProps) => {
  if (isFirst && nextCursor === null) return null;
  return (
    <nav class="pager" aria-label="Pages of the list">
      {isFirst ? <span /> : <a href={address(path, query)}>Back to the beginning</a>}
      {nextCursor !== null && <a href={address(path, { ...query, cursor: nextCursor })}>Next page</a>}
    </nav>
  );
};
