const format = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(at);

/** A moment that no reader takes for another: the month in letters, the zone beside it. */
export const Time = ({ at, timeZone = 'UTC' }: { at: Date; timeZone?: string }) => (
  <time datetime={at.toISOString()} title={at.toISOString()}>
    {format(at, timeZone)}
  </time>
);
