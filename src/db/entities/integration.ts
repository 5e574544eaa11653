import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** The Google app of one level. Every level has at most one. */
export const IntegrationEntity = defineEntity({
  name: 'Integration',
  tableName: 'integrations',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    clientId: p.text().nullable(),
    /** Sealed. */
    clientSecret: p.text().nullable(),
    /** The company that may consent here until a reset. */
    pinnedCustomerId: p.text().nullable(),
    pinnedHostedDomain: p.text().nullable(),
    /** That of the newest grant; 0 before the first. */
    generation: p.integer().default(0),
    disconnectedAt: p.datetime().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

export type Integration = InferEntity<typeof IntegrationEntity>;
