import { AdministratorEntity } from './administrator.ts';
import { ApiTokenEntity } from './api-token.ts';
import { ApprovalEntity } from './approval.ts';
import { AuditEntryEntity } from './audit-entry.ts';
import { AuthorizationRequestEntity } from './authorization-request.ts';
import { GrantEntity } from './grant.ts';
import { IntegrationEntity } from './integration.ts';
import { PlanChangeEntity } from './plan-change.ts';
import { PortalSessionEntity } from './portal-session.ts';
import { SyncRunEntity } from './sync-run.ts';
import { SyncSettingsEntity } from './sync-settings.ts';
import { SyncTickEntity } from './sync-tick.ts';
import { TenantEntity } from './tenant.ts';

export const entities = [
  AdministratorEntity,
  ApiTokenEntity,
  ApprovalEntity,
  AuditEntryEntity,
  AuthorizationRequestEntity,
  GrantEntity,
  IntegrationEntity,
  PlanChangeEntity,
  PortalSessionEntity,
  SyncRunEntity,
  SyncSettingsEntity,
  SyncTickEntity,
  TenantEntity,
] as const;

export { type Administrator, AdministratorEntity } from './administrator.ts';
export { type ApiToken, ApiTokenEntity } from './api-token.ts';
export { type Approval, ApprovalEntity } from './approval.ts';
export { type AuditEntry, AuditEntryEntity } from './audit-entry.ts';
export {
  type AuthorizationRequest,
  AuthorizationRequestEntity,
  type OpenRequestState,
  type RequestState,
  type SettledRequestState,
} from './authorization-request.ts';
export { type Grant, GrantEntity } from './grant.ts';
export { type Integration, IntegrationEntity } from './integration.ts';
export { type PlanChange, PlanChangeEntity } from './plan-change.ts';
export { type PortalSession, PortalSessionEntity } from './portal-session.ts';
export { type SyncRun, SyncRunEntity, type SyncRunState } from './sync-run.ts';
export { SyncSettingsEntity, type SyncSettingsRow } from './sync-settings.ts';
export { type SyncTick, SyncTickEntity } from './sync-tick.ts';
export { type Tenant, TenantEntity } from './tenant.ts';
