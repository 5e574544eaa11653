import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** One time that a tenant's schedule came round, and what became of it. */
export const SyncTickEntity = defineEntity({
  name: 'SyncTick',
  tableName: 'sync_ticks',
  properties: {
    tenantId: p.uuid().primary(),
    /** The same however often the step is tried: the id of the workflow that the schedule started. */
    id: p.text().primary(),
    scheduledFor: p.datetime(),
    takenAt: p.datetime(),
    outcome: p.text().$type<'started' | 'skipped' | 'refused'>(),
    /** The run that was started, or the one that was in the way. */
    runId: p.uuid().nullable(),
    code: p.text().nullable(),
    message: p.text().nullable(),
  },
});

export type SyncTick = InferEntity<typeof SyncTickEntity>;
