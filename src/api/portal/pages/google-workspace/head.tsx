import { PageHead } from '../../components/page-head.tsx';
import { Tabs } from '../../components/tabs.tsx';

export interface GoogleWorkspaceHeadProps {
  /** The page of the integration. */
  readonly base: string;
  readonly level: 'system' | 'tenant';
}

/** The top of the integration's pages; the system level has one tab only, because it sends mail and nothing else. */
export const GoogleWorkspaceHead = ({ base, level }: GoogleWorkspaceHeadProps) => (
  <>
    <PageHead
      title="Google Workspace"
      lead={
        level === 'system'
          ? 'The operator’s own connection. It sends mail; people are synchronized by each tenant.'
          : 'Connect this tenant with its Google Workspace.'
      }
    />
    {level === 'tenant' && (
      <Tabs
        label="Google Workspace"
        tabs={[
          { label: 'Permissions', href: base, current: true },
          { label: 'User sync', href: `${base}/user-sync`, current: false },
        ]}
      />
    )}
  </>
);
