import type { PropsWithChildren } from 'hono/jsx';

export type Tone = 'neutral' | 'good' | 'info' | 'warning' | 'bad';

/** A state in a word or two. The word says it; the colour only helps. */
export const Badge = ({ tone = 'neutral', children }: PropsWithChildren<{ tone?: Tone }>) => (
  <span class={`badge badge-${tone}`}>{children}</span>
);
