import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const PortalSessionEntity = defineEntity({
  name: 'PortalSession',
  tableName: 'portal_sessions',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    administratorId: p.uuid(),
    /** SHA-256 in hex of the cookie's value. */
    tokenHash: p.text().hidden(),
    ip: p.text(),
    userAgent: p.text(),
    createdAt: p.datetime(),
    lastSeenAt: p.datetime(),
  },
});

export type PortalSession = InferEntity<typeof PortalSessionEntity>;
