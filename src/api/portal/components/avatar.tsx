const initials = (displayName: string): string =>
  displayName
    .split(/\s+/u)
    .map((word) => [...word][0] ?? '')
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join('')
    .toUpperCase();

/** The face of a person in a list: the letters of the name. */
export const Avatar = ({ displayName }: { displayName: string }) => (
  <span class="avatar" aria-hidden="true">
    {initials(displayName)}
  </span>
);
