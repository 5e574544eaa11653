import type { PropsWithChildren } from 'hono/jsx';
import { Icon, type IconName } from './icon.tsx';

/** What stands where a list would be: why it is empty, and the next step. */
export const Empty = ({ icon, title, children }: PropsWithChildren<{ icon?: IconName; title: string }>) => (
  <div class="empty">
    {icon && <Icon name={icon} />}
    <p class="empty-title">{title}</p>
    {children}
  </div>
);
