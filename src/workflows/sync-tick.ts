import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { ScheduleActivities } from '../activities/schedule.ts';
import { SCHEDULED_FOR_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { SyncTickInput, SyncTickResult } from '../contracts/sync-tick.ts';
import { tickActivity } from './options.ts';

/**
 * What a tenant's schedule starts: asks for a run, and ends. The workflow's id names the tick, so an answer that was
 * lost never makes a second run.
 */
export async function syncTick({ tenantId }: SyncTickInput): Promise<SyncTickResult> {
  const { takeTick } = proxyActivities<ScheduleActivities>(tickActivity);
  const { workflowId, startTime, typedSearchAttributes } = workflowInfo();
  const scheduledFor = typedSearchAttributes.get(SCHEDULED_FOR_ATTRIBUTE) ?? startTime;
  return takeTick({ tenantId, tickId: workflowId, scheduledFor: scheduledFor.toISOString() });
}
