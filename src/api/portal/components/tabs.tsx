export interface Tab {
  readonly label: string;
  readonly href: string;
  readonly current: boolean;
}

/** Pages of one thing beside each other. They are links, so that each has its address and works without script. */
export const Tabs = ({ label, tabs }: { label: string; tabs: readonly Tab[] }) => (
  <nav class="tabs" aria-label={label}>
    <ul>
      {tabs.map((tab) => (
        <li>
          <a href={tab.href} aria-current={tab.current ? 'page' : undefined}>
            {tab.label}
          </a>
        </li>
      ))}
    </ul>
  </nav>
);
