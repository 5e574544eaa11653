import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** The JSON columns are checked by the feature that reads and writes them. */
export const SyncSettingsEntity = defineEntity({
  name: 'SyncSettings',
  tableName: 'sync_settings',
  properties: {
    tenantId: p.uuid().primary(),
    mode: p.text().$type<'manual' | 'automatic'>().nullable(),
    scope: p.json<unknown>(),
    numberStart: p.bigint('number').nullable(),
    numberEnd: p.bigint('number').nullable(),
    numberQuarantineDays: p.integer(),
    photos: p.boolean(),
    largePhotos: p.boolean(),
    linkByEmail: p.boolean(),
    leavers: p.json<unknown>(),
    brakes: p.json<unknown>(),
    schedule: p.json<unknown>(),
    paused: p.boolean(),
    version: p.integer().version(),
    updatedAt: p
      .datetime()
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
});

export type SyncSettingsRow = InferEntity<typeof SyncSettingsEntity>;
