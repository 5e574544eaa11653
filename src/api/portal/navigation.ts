import { isSystem } from '../../contracts/index.ts';
import type { IconName } from './components/icon.tsx';

export type NavigationKey =
  | 'tenants'
  | 'overview'
  | 'users'
  | 'numbers'
  | 'google-workspace'
  | 'administrators'
  | 'api-tokens'
  | 'audit'
  | 'settings';

export interface NavigationItem {
  readonly key: NavigationKey;
  readonly label: string;
  readonly href: string;
  readonly icon: IconName;
}

export interface NavigationGroup {
  readonly label?: string;
  readonly items: readonly NavigationItem[];
}

/** Where the pages of a level begin. */
export const levelPath = (tenantId: string): string => (isSystem(tenantId) ? '/system' : `/tenants/${tenantId}`);

const integrationsOf = (base: string): NavigationGroup => ({
  label: 'Integrations',
  items: [{ key: 'google-workspace', label: 'Google Workspace', href: `${base}/google-workspace`, icon: 'link' }],
});

const accessOf = (base: string): NavigationGroup => ({
  label: 'Access',
  items: [
    { key: 'administrators', label: 'Administrators', href: `${base}/administrators`, icon: 'person' },
    { key: 'api-tokens', label: 'API tokens', href: `${base}/api-tokens`, icon: 'key' },
    { key: 'audit', label: 'Audit log', href: `${base}/audit`, icon: 'list' },
  ],
});

export const systemNavigation = (): readonly NavigationGroup[] => [
  { items: [{ key: 'tenants', label: 'Tenants', href: '/tenants', icon: 'building' }] },
  integrationsOf('/system'),
  accessOf('/system'),
];

export const tenantNavigation = (tenantId: string): readonly NavigationGroup[] => {
  const base = levelPath(tenantId);
  return [
    {
      items: [
        { key: 'overview', label: 'Overview', href: base, icon: 'home' },
        { key: 'users', label: 'Users', href: `${base}/users`, icon: 'people' },
        { key: 'numbers', label: 'Numbers', href: `${base}/numbers`, icon: 'phone' },
      ],
    },
    integrationsOf(base),
    accessOf(base),
  ];
};
