import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const TenantEntity = defineEntity({
  name: 'Tenant',
  tableName: 'tenants',
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<'system' | 'customer'>(),
    name: p.text(),
    sipDomain: p.text().nullable(),
    timeZone: p.text().default('UTC'),
    /** Where automatic numbering begins when no range is set. */
    firstExtension: p.bigint('number').default(1000),
    /** How many extension users the licence allows; null: as many as wanted. */
    extensionLimit: p.integer().nullable(),
    /** While `deleting`, nothing new starts for the tenant and nobody sees it but the system's administrators. */
    state: p.text().$type<'active' | 'deleting'>().default('active'),
    version: p.integer().version(),
    createdAt: p.datetime().onCreate(() => new Date()),
    updatedAt: p
      .datetime()
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
});

export type Tenant = InferEntity<typeof TenantEntity>;
