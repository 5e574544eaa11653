import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** The pair of a Google id and an extension user. */
export const BindingEntity = defineEntity({
  name: 'Binding',
  tableName: 'bindings',
  properties: {
    tenantId: p.uuid().primary(),
    googleId: p.text().primary(),
    extensionUserId: p.uuid(),
    origin: p.text().$type<'created' | 'linked' | 'hand'>(),
    appliedHash: p.text().nullable(),
    appliedRevision: p.integer().nullable(),
    createdAt: p.datetime(),
  },
});

export type Binding = InferEntity<typeof BindingEntity>;
