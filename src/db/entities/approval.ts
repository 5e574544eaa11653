import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** Removals of a run that wait for an administrator. Their plan is the run's rows with the status `held`. */
export const ApprovalEntity = defineEntity({
  name: 'Approval',
  tableName: 'approvals',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    runId: p.uuid(),
    state: p.text().$type<'pending' | 'approved' | 'applied' | 'rejected' | 'replaced'>(),
    removals: p.integer(),
    reason: p.text().$type<'too-many' | 'not-previewed'>(),
    done: p.integer().default(0),
    failed: p.integer().default(0),
    /** Removals that no longer applied when they were approved: the person was back, or gone already. */
    stale: p.integer().default(0),
    createdAt: p.datetime(),
    decidedAt: p.datetime().nullable(),
    decidedBy: p.text().nullable(),
    endedAt: p.datetime().nullable(),
  },
});

export type Approval = InferEntity<typeof ApprovalEntity>;
