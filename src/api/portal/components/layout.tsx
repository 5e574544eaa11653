import type { PropsWithChildren } from 'hono/jsx';
import type { Assets } from '../assets.ts';
import { type NavigationGroup, type NavigationKey, systemNavigation, tenantNavigation } from '../navigation.ts';
import { Icon } from './icon.tsx';
import { Problem } from './problem.tsx';

/** What every page knows of its surroundings. */
export interface Shell {
  readonly assets: Pick<Assets, 'url'>;
  readonly account: { readonly email: string; readonly displayName: string; readonly isSystem: boolean } | undefined;
  readonly tenant: { readonly id: string; readonly name: string } | undefined;
  /** What was just done, told once. */
  readonly notice: string | undefined;
}

export interface LayoutProps {
  readonly shell: Shell;
  readonly title: string;
  readonly active?: NavigationKey | undefined;
}

const PRODUCT = 'PBX for Google Workspace';

const HTMX_CONFIG = JSON.stringify({
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
});

const Brand = () => (
  <a class="brand" href="/">
    <span class="brand-mark">
      <Icon name="phone" />
    </span>
    {PRODUCT}
  </a>
);

const Place = ({ shell: { account, tenant } }: { shell: Shell }) => {
  if (!account) return null;
  return (
    <nav class="place" aria-label="Where you are">
      <ol>
        {account.isSystem && (
          <li>
            <a href="/tenants" class={tenant ? undefined : 'place-here'}>
              All tenants
            </a>
          </li>
        )}
        {tenant && (
          <li>
            <a href={`/tenants/${tenant.id}`} class="place-here">
              {tenant.name}
            </a>
          </li>
        )}
      </ol>
    </nav>
  );
};

const Account = ({ account }: { account: NonNullable<Shell['account']> }) => (
  <details class="account">
    <summary>
      <span class="account-mark" aria-hidden="true">
        {[...account.displayName][0]?.toUpperCase()}
      </span>
      <span class="account-name">{account.displayName}</span>
    </summary>
    <div class="account-menu">
      <p>
        <strong>{account.displayName}</strong>
        <br />
        <span class="muted">{account.email}</span>
      </p>
      <form method="post" action="/sign-out">
        <button type="submit" class="secondary outline">
          Sign out
        </button>
      </form>
    </div>
  </details>
);

const Navigation = ({ groups, active }: { groups: readonly NavigationGroup[]; active: NavigationKey | undefined }) => (
  <nav class="navigation" aria-label="Main">
    {groups.map((group) => (
      <div class="navigation-group">
        {group.label && <p class="navigation-label">{group.label}</p>}
        <ul>
          {group.items.map((item) => (
            <li>
              <a href={item.href} aria-current={item.key === active ? 'page' : undefined}>
                <Icon name={item.icon} />
                {item.label}
              </a>
            </li>
          ))}
        </ul>
      </div>
    ))}
  </nav>
);

/** The frame of every page: head, top bar, navigation of the level, and the page itself. */
export const Layout = ({ shell, title, active, children }: PropsWithChildren<LayoutProps>) => {
  const { account, tenant, assets, notice } = shell;
  const groups = tenant ? tenantNavigation(tenant.id) : account?.isSystem ? systemNavigation() : [];
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <title>{[title, tenant?.name, PRODUCT].filter(Boolean).join(' · ')}</title>
        <link rel="icon" href={assets.url('favicon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assets.url('pico.css')} />
        <link rel="stylesheet" href={assets.url('portal.css')} />
        <link rel="stylesheet" href={assets.url('google-workspace.css')} />
        <link rel="stylesheet" href={assets.url('user-sync.css')} />
        <script src={assets.url('htmx.js')} defer />
        <script src={assets.url('htmx-sse.js')} defer />
        <script src={assets.url('portal.js')} defer />
      </head>
      <body class={account ? undefined : 'signed-out'}>
        <a class="skip-link" href="#content">
          Skip to the content
        </a>
        {account && (
          <header class="top-bar">
            <Brand />
            <Place shell={shell} />
            <Account account={account} />
          </header>
        )}
        <div class="frame">
          {account && <Navigation groups={groups} active={active} />}
          <main id="content" tabindex={-1}>
            {notice && <Problem tone="good">{notice}</Problem>}
            {children}
          </main>
        </div>
      </body>
    </html>
  );
};
