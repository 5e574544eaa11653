const ORIGIN = 'http://portal.invalid';

/** Where to go after signing in: a path of ours, or the start page when something else was put into the link. */
export const ownPath = (wanted: string | undefined): string => {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, ORIGIN)) return '/';
  const url = new URL(wanted, ORIGIN);
  return url.origin === ORIGIN ? `${url.pathname}${url.search}` : '/';
};
