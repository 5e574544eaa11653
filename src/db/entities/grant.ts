import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** What one consent gave. At most one grant of an integration is live; a newer generation ends the older. */
export const GrantEntity = defineEntity({
  name: 'Grant',
  tableName: 'grants',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    integrationId: p.uuid(),
    requestId: p.uuid(),
    generation: p.integer(),
    googleId: p.text(),
    email: p.text(),
    hostedDomain: p.text(),
    customerId: p.text().nullable(),
    scopes: p.array(),
    sealedRefreshToken: p.text().nullable(),
    refreshTokenExpiresAt: p.datetime().nullable(),
    sealedAccessToken: p.text().nullable(),
    accessTokenHash: p.text().nullable(),
    accessTokenExpiresAt: p.datetime().nullable(),
    consentedAt: p.datetime(),
    refreshedAt: p.datetime(),
    usedAt: p.datetime(),
    leaseOwner: p.uuid().nullable(),
    leaseUntil: p.datetime().nullable(),
    failures: p.integer().default(0),
    failingSince: p.datetime().nullable(),
    failureCode: p.text().nullable(),
    retryAt: p.datetime().nullable(),
    endedAt: p.datetime().nullable(),
    endCode: p.text().nullable(),
  },
});

export type Grant = InferEntity<typeof GrantEntity>;
