import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** One row of a plan. Written and settled in bulk by SQL; read through this. */
export const PlanChangeEntity = defineEntity({
  name: 'PlanChange',
  tableName: 'plan_changes',
  properties: {
    tenantId: p.uuid().primary(),
    runId: p.uuid().primary(),
    seq: p.integer().primary(),
    googleId: p.text(),
    extensionUserId: p.uuid().nullable(),
    action: p.text(),
    status: p.text(),
    reason: p.text(),
    email: p.text().nullable(),
    displayName: p.text().nullable(),
    extensionNumber: p.bigint('number').nullable(),
    before: p.json<Record<string, unknown>>().nullable(),
    after: p.json<Record<string, unknown>>().nullable(),
    errorCode: p.text().nullable(),
    errorMessage: p.text().nullable(),
    doneAt: p.datetime().nullable(),
  },
});

export type PlanChange = InferEntity<typeof PlanChangeEntity>;
