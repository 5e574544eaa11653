import type { Child, PropsWithChildren } from 'hono/jsx';
import { Icon } from './icon.tsx';

export interface PageHeadProps {
  readonly title: string;
  /** One sentence: what this page is for. */
  readonly lead?: Child;
  readonly back?: { readonly href: string; readonly label: string };
}

/** The top of a page; what stands inside are its main actions. */
export const PageHead = ({ title, lead, back, children }: PropsWithChildren<PageHeadProps>) => (
  <header class="page-head">
    <div>
      {back && (
        <a class="page-back" href={back.href}>
          <Icon name="back" />
          {back.label}
        </a>
      )}
      <h1>{title}</h1>
      {lead && <p class="page-lead">{lead}</p>}
    </div>
    {children && <div class="page-actions">{children}</div>}
  </header>
);
