import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const AuditEntryEntity = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    /** The order of writing, which times alone do not tell. */
    seq: p.bigint('number').autoincrement(),
    at: p.datetime(),
    actorKind: p.text().$type<'administrator' | 'api-token' | 'bootstrap'>(),
    actorId: p.text(),
    /** As it was then: the administrator's e-mail or the token's name. */
    actorName: p.text(),
    actorTenantId: p.uuid(),
    ip: p.text().nullable(),
    action: p.text(),
    targetKind: p.text(),
    targetId: p.text(),
    targetName: p.text(),
    details: p.json().$type<Record<string, string | number | boolean | null | string[]>>(),
  },
});

export type AuditEntry = InferEntity<typeof AuditEntryEntity>;
