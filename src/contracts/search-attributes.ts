import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** For the operator's searches in Temporal's own pages; never for what a user is shown. */
export const TENANT_ID_ATTRIBUTE = defineSearchAttributeKey('TenantId', SearchAttributeType.KEYWORD);
