import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** For the operator's searches in Temporal's own pages; never for what a user is shown. */
export const TENANT_ID_ATTRIBUTE = defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD);

/** Set by Temporal on a workflow that a schedule started: the time it was started for, without jitter. */
export const SCHEDULED_FOR_ATTRIBUTE = defineSearchAttributeKey(
  'TemporalScheduledStartTime',
  SearchAttributeType.DATETIME,
);
