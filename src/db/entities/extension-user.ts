import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const ExtensionUserEntity = defineEntity({
  name: 'ExtensionUser',
  tableName: 'extension_users',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    extensionNumber: p.bigint('number'),
    email: p.text().nullable(),
    displayName: p.text(),
    givenName: p.text().nullable(),
    familyName: p.text().nullable(),
    phones: p.json<{ type: string; value: string }[]>(),
    department: p.text().nullable(),
    title: p.text().nullable(),
    enabled: p.boolean(),
    disabledBy: p.text().$type<'sync' | 'administrator'>().nullable(),
    revision: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

export type ExtensionUser = InferEntity<typeof ExtensionUserEntity>;
