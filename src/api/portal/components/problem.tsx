import type { PropsWithChildren } from 'hono/jsx';

export type ProblemTone = 'bad' | 'warning' | 'info' | 'good';

/** A message that wants to be read: what happened, and what to do. Mistakes are announced at once. */
export const Problem = ({
  tone = 'bad',
  title,
  children,
}: PropsWithChildren<{ tone?: ProblemTone; title?: string }>) => (
  <div class={`message message-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
    {title && <strong class="message-title">{title}</strong>}
    <div>{children}</div>
  </div>
);
