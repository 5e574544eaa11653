import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const AdministratorEntity = defineEntity({
  name: 'Administrator',
  tableName: 'administrators',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    email: p.text(),
    displayName: p.text(),
    /** Argon2id in its PHC form. */
    passwordHash: p.text().hidden(),
    lastSignedInAt: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});

export type Administrator = InferEntity<typeof AdministratorEntity>;
