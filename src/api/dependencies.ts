import type { Logger } from 'pino';
import type { Authorization } from '../authorization/index.ts';
import type { ExtensionNumbers, People } from '../people/index.ts';
import type { PasswordSignIn, PortalSessions } from '../sign-in/index.ts';
import type { Administrators, ApiTokens, AuditLog, Tenants } from '../tenants/index.ts';
import type { UserSync } from '../user-sync/index.ts';
import type { AppContext } from './environment.ts';
import type { Metrics } from './metrics.ts';

/** One thing that must answer before this process is ready for work; it rejects when it does not. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<unknown>;

/** Everything the transport stands on: one member per feature, and what belongs to HTTP itself. */
export interface ApiDependencies {
  readonly tenants: Tenants;
  readonly administrators: Administrators;
  readonly apiTokens: ApiTokens;
  readonly auditLog: AuditLog;
  readonly sessions: PortalSessions;
  readonly signInWithPassword: PasswordSignIn;
  readonly people: People;
  readonly extensionNumbers: ExtensionNumbers;
  readonly userSync: Pick<UserSync, 'administration' | 'bindings' | 'lookup'> & {
    readonly push: Pick<UserSync['push'], 'receive'>;
  };
  readonly authorization: Authorization;

  readonly readiness: Readonly<Record<'database' | 'temporal', ReadinessCheck>>;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Where the request came from, as far as it can be trusted. */
  readonly clientAddress: (c: AppContext) => string;
  /** The origin under which browsers reach the portal; its scheme decides about cookies and HSTS. */
  readonly publicUrl: string;
  /** A second origin, when a session border controller fronts the portal. */
  readonly sbcUrl: string | undefined;
  /** Origins other than ours that a form of the portal may end up at, such as Google's consent page. */
  readonly formTargets: readonly string[];
}
