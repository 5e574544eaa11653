const initials = (displayName: string): string =>
  displayName
    .split(/\s+/u)
    .map((word) => [...word][0] ?? '')
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join('')
    .toUpperCase();

export interface AvatarProps {
  readonly displayName: string;
  /** Where the picture is; null when there is none. */
  readonly photo: string | null;
}

/** The face of a person in a list: the picture, or the letters of the name, which stands beside it either way. */
export const Avatar = ({ displayName, photo }: AvatarProps) =>
  photo ? (
    <img class="avatar" src={photo} alt="" width="36" height="36" loading="lazy" />
  ) : (
    <span class="avatar" aria-hidden="true">
      {initials(displayName)}
    </span>
  );
