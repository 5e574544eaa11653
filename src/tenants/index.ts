export { type Actor, authorize, SCOPES, type Scope } from './actor.ts';
export {
  type AdministratorPosition,
  type Administrators,
  type AdministratorView,
  administratorInputSchema,
  createAdministrators,
} from './administrators.ts';
export {
  type ApiTokenPosition,
  type ApiTokens,
  type ApiTokenView,
  apiTokenInputSchema,
  createApiTokens,
} from './api-tokens.ts';
export {
  type AuditDetails,
  type AuditLog,
  type AuditPosition,
  type AuditView,
  createAuditLog,
  type NewAuditEntry,
  type RecordAudit,
  recordAudit,
} from './audit.ts';
export { BOOTSTRAP_ACTOR, bootstrap } from './bootstrap.ts';
export { hashOpaqueToken, newOpaqueToken } from './opaque-token.ts';
export { type Page, type PageRequest, toPage } from './page.ts';
export { PASSWORD_MIN_LENGTH, passwordSchema, verifyPassword } from './passwords.ts';
export { tenantChangeSchema, tenantInputSchema } from './tenant-input.ts';
export {
  createTenants,
  type ReleaseTenant,
  type TenantPosition,
  type Tenants,
  type TenantView,
} from './tenants.ts';
export { isTimeZone, TIME_ZONE_FIX } from './time-zone.ts';
