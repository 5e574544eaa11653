/** Workflow ids: the id is the lock. Made of opaque ids only, because Temporal shows them in plain text. */
export const userSyncWorkflowId = (tenantId: string): string => `user-sync/${tenantId}`;

/** The schedule of a tenant in automatic mode. */
export const userSyncScheduleId = (tenantId: string): string => `user-sync-schedule/${tenantId}`;

/** Temporal appends the time to it, so it is no lock. */
export const syncTickWorkflowId = (tenantId: string): string => `sync-tick/${tenantId}`;

export const applyRemovalsWorkflowId = (approvalId: string): string => `apply-removals/${approvalId}`;

export const authorizationWorkflowId = (integrationId: string): string => `authorization/${integrationId}`;

export const tokenWorkflowId = (integrationId: string): string => `token/${integrationId}`;

export const pushWorkflowId = (tenantId: string): string => `push/${tenantId}`;

/** The level of the operator itself, which owns rows like a tenant does but is never listed as one. */
export const SYSTEM_TENANT_ID = '00000000-0000-0000-0000-000000000000';

export const isSystem = (tenantId: string): boolean => tenantId === SYSTEM_TENANT_ID;
