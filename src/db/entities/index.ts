import { BindingEntity } from './binding.ts';
import { ExtensionUserEntity } from './extension-user.ts';
import { PlanChangeEntity } from './plan-change.ts';
import { SyncRunEntity } from './sync-run.ts';
import { SyncSettingsEntity } from './sync-settings.ts';
import { TenantEntity } from './tenant.ts';

export const entities = [
  BindingEntity,
  ExtensionUserEntity,
  PlanChangeEntity,
  SyncRunEntity,
  SyncSettingsEntity,
  TenantEntity,
] as const;

export { type Binding, BindingEntity } from './binding.ts';
export { type ExtensionUser, ExtensionUserEntity } from './extension-user.ts';
export { type PlanChange, PlanChangeEntity } from './plan-change.ts';
export { type SyncRun, SyncRunEntity, type SyncRunState } from './sync-run.ts';
export { SyncSettingsEntity, type SyncSettingsRow } from './sync-settings.ts';
export { type Tenant, TenantEntity } from './tenant.ts';
