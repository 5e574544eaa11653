import { Hono } from 'hono';
import type { ApiDependencies } from '../dependencies.ts';
import type { AppEnv } from '../environment.ts';
import type { SessionCookie } from '../middleware/session-cookie.ts';
import { createAdministratorPages } from './routes/administrators.tsx';
import { createApiTokenPages } from './routes/api-tokens.tsx';
import { createAuditPages } from './routes/audit.tsx';
import { createGoogleWorkspacePages } from './routes/google-workspace.tsx';
import { createNumbersPages } from './routes/numbers.tsx';
import { createSignInRoutes } from './routes/sign-in.tsx';
import { createTenantPages } from './routes/tenants.tsx';
import { createUserPages } from './routes/user.tsx';
import { createUserSyncPages } from './routes/user-sync.tsx';
import { createUserSyncApprovalPages } from './routes/user-sync-approvals.tsx';
import { createUserSyncBindingPages } from './routes/user-sync-bindings.tsx';
import { createUserSyncExplainPages } from './routes/user-sync-explain.tsx';
import { createUserSyncPeoplePages } from './routes/user-sync-people.tsx';
import { createUserSyncSchedulePages } from './routes/user-sync-schedule.tsx';
import { createUserSyncSettingsPages } from './routes/user-sync-settings.tsx';
import { createUserSyncSuggestions } from './routes/user-sync-suggestions.tsx';
import { createUsersPages } from './routes/users.tsx';

export interface PortalDependencies extends ApiDependencies {
  readonly cookie: SessionCookie;
}

/** Every page of the portal. Components of a page stand in `pages/`, its addresses and forms in `routes/`. */
export const createPortal = (dependencies: PortalDependencies): Hono<AppEnv> => {
  const portal = new Hono<AppEnv>();
  portal.route('/', createSignInRoutes(dependencies));
  portal.route('/', createTenantPages(dependencies));
  portal.route('/', createGoogleWorkspacePages(dependencies));
  portal.route('/', createAdministratorPages(dependencies));
  portal.route('/', createApiTokenPages(dependencies));
  portal.route('/', createAuditPages(dependencies));
  portal.route('/', createUsersPages(dependencies));
  portal.route('/', createUserPages(dependencies));
  portal.route('/', createNumbersPages(dependencies));
  portal.route('/', createUserSyncPages(dependencies));
  portal.route('/', createUserSyncSettingsPages(dependencies));
  portal.route('/', createUserSyncSuggestions(dependencies));
  portal.route('/', createUserSyncExplainPages(dependencies));
  portal.route('/', createUserSyncBindingPages(dependencies));
  portal.route('/', createUserSyncPeoplePages(dependencies));
  portal.route('/', createUserSyncApprovalPages(dependencies));
  portal.route('/', createUserSyncSchedulePages(dependencies));
  return portal;
};
