import { PageHead } from '../../components/page-head.tsx';
import { Tabs } from '../../components/tabs.tsx';

export interface GoogleWorkspaceHeadProps {
  /** The page of the integration. */
  readonly base: string;
  readonly level: 'system' | 'tenant';
  readonly tab: 'permissions' | 'user-sync';
}

const LEADS = {
  permissions: 'Connect this tenant with its Google Workspace.',
  'user-sync': 'People in Google become extensions of the PBX.',
} as const;

/** The top of the integration's pages; the system level has one tab only, because it sends mail and nothing else. */
export const GoogleWorkspaceHead = ({ base, level, tab }: GoogleWorkspaceHeadProps) => (
  <>
    <PageHead
      title="Google Workspace"
      lead={
        level === 'system'
          ? 'The operator’s own connection. It sends mail; people are synchronized by each tenant.'
          : LEADS[tab]
      }
    />
    {level === 'tenant' && (
      <Tabs
        label="Google Workspace"
        tabs={[
          { label: 'Permissions', href: base, current: tab === 'permissions' },
          { label: 'User sync', href: `${base}/user-sync`, current: tab === 'user-sync' },
        ]}
      />
    )}
  </>
);
