import { TenantEntity } from './tenant.ts';

export const entities = [TenantEntity] as const;

export { type Tenant, TenantEntity } from './tenant.ts';
