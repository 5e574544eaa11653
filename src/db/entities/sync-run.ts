import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const SyncRunEntity = defineEntity({
  name: 'SyncRun',
  tableName: 'sync_runs',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    trigger: p.text().$type<'manual' | 'schedule' | 'push' | 'one-user'>(),
    partial: p.boolean().default(false),
    requestedBy: p.text().nullable(),
    dryRun: p.boolean(),
    applyPlanOf: p.uuid().nullable(),
    state: p
      .text()
      .$type<
        | 'reading'
        | 'planning'
        | 'applying'
        | 'photos'
        | 'waiting-for-authorization'
        | 'succeeded'
        | 'partly'
        | 'failed'
        | 'cancelled'
      >(),
    cancelRequested: p.boolean().default(false),
    listing: p.integer().default(0),
    listingStartedAt: p.datetime().nullable(),
    listingComplete: p.boolean().default(false),
    nextPageToken: p.text().nullable(),
    pagesRead: p.integer().default(0),
    usersRead: p.integer().default(0),
    total: p.integer().default(0),
    done: p.integer().default(0),
    failed: p.integer().default(0),
    appliedSeq: p.integer().default(0),
    counts: p.json<Record<string, number>>().default('{}'),
    heldRemovals: p.integer().default(0),
    resumed: p.integer().default(0),
    photosTotal: p.integer().default(0),
    photosDone: p.integer().default(0),
    photosFailed: p.integer().default(0),
    photosProblemCode: p.text().nullable(),
    photosProblemMessage: p.text().nullable(),
    problemCode: p.text().nullable(),
    problemMessage: p.text().nullable(),
    waitingUntil: p.datetime().nullable(),
    waitingCode: p.text().nullable(),
    createdAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    plannedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
  },
});

export type SyncRun = InferEntity<typeof SyncRunEntity>;
export type SyncRunState = SyncRun['state'];
