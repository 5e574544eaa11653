import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const ApiTokenEntity = defineEntity({
  name: 'ApiToken',
  tableName: 'api_tokens',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    name: p.text(),
    /** The beginning of the token, kept so that people can tell one from another. */
    prefix: p.text(),
    /** SHA-256 in hex; the token itself is never stored. */
    tokenHash: p.text().hidden(),
    scopes: p.array().$type<('events:write' | 'read' | 'admin')[]>(),
    createdBy: p.text(),
    createdAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
  },
});

export type ApiToken = InferEntity<typeof ApiTokenEntity>;
