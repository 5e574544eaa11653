import type { PbxUserFields } from '../../pbx/index.ts';

export const PLAN_ACTIONS = [
  'create',
  'link',
  'update',
  'disable',
  'enable',
  'delete',
  'skip',
  'conflict',
  'waiting-for-number',
] as const;
export type PlanAction = (typeof PLAN_ACTIONS)[number];

export const CHANGE_STATUSES = ['planned', 'done', 'failed', 'held'] as const;
export type ChangeStatus = (typeof CHANGE_STATUSES)[number];

export const PLAN_REASONS = [
  'new-person',
  'same-email',
  'details-changed',
  'came-back',
  'suspended',
  'archived',
  'deleted-in-google',
  'out-of-scope',
  'kept-by-policy',
  'kept-by-decision',
  'away-too-long',
  'no-free-number',
  'licence-used-up',
  'email-used-twice-in-google',
  'several-extensions-with-email',
  'extension-bound-to-another',
  'email-in-use',
  'stale-preview',
  'up-to-date',
  'left-to-full-run',
  'other-company',
  'no-longer-applies',
] as const;
export type PlanReason = (typeof PLAN_REASONS)[number];

/** What an extension user looks like to a plan: the fields that sync writes, and whether it is enabled. */
export interface ExtensionState extends PbxUserFields {
  readonly enabled: boolean;
}
