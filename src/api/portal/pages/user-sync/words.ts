import type { ChangeStatus, PlanAction, PlanReason, SyncRun } from '../../../../user-sync/index.ts';
import type { Tone } from '../../components/badge.tsx';

export interface Word {
  readonly label: string;
  readonly tone: Tone;
}

export const RUN_STATES: Readonly<Record<SyncRun['state'], Word>> = {
  reading: { label: 'Reading Google', tone: 'info' },
  planning: { label: 'Making the plan', tone: 'info' },
  applying: { label: 'Changing extensions', tone: 'info' },
  photos: { label: 'Fetching photos', tone: 'info' },
  'waiting-for-authorization': { label: 'Waiting for authorization', tone: 'warning' },
  succeeded: { label: 'Done', tone: 'good' },
  partly: { label: 'Done, with open points', tone: 'warning' },
  failed: { label: 'Failed', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
};

export const ACTIONS: Readonly<Record<PlanAction, Word>> = {
  create: { label: 'New extension', tone: 'good' },
  link: { label: 'Link', tone: 'good' },
  update: { label: 'Update', tone: 'info' },
  disable: { label: 'Disable', tone: 'warning' },
  enable: { label: 'Enable', tone: 'good' },
  delete: { label: 'Delete', tone: 'bad' },
  skip: { label: 'Left out', tone: 'neutral' },
  conflict: { label: 'Conflict', tone: 'bad' },
  'waiting-for-number': { label: 'Waiting for a number', tone: 'warning' },
};

export const STATUSES: Readonly<Record<ChangeStatus, Word>> = {
  planned: { label: 'Planned', tone: 'neutral' },
  done: { label: 'Done', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  held: { label: 'Held back', tone: 'warning' },
};

const REASONS: Readonly<Record<PlanReason, string>> = {
  'new-person': 'New in Google',
  'same-email': 'An extension has the same e-mail address',
  'details-changed': 'Details changed in Google',
  'came-back': 'Is back in Google',
  suspended: 'Suspended in Google',
  archived: 'Archived in Google',
  'deleted-in-google': 'No longer in Google',
  'out-of-scope': 'Outside the people you chose',
  'kept-by-policy': 'Left Google; your settings keep the extension',
  'kept-by-decision': 'Left Google; an administrator refused to remove the extension',
  'away-too-long': 'Has been away for as long as your settings allow',
  'no-free-number': 'No free extension number. Widen the range, then sync again',
  'licence-used-up': 'The licence allows no more users. Raise it or delete users, then sync again',
  'email-used-twice-in-google': 'Another person in Google has the same address',
  'several-extensions-with-email': 'More than one extension has this address. Keep it on one, then sync again',
  'extension-bound-to-another': 'The extension with this address belongs to another Google user',
  'email-in-use': 'An extension has this address, and linking by e-mail is off',
  'stale-preview': 'Changed after the preview was made',
  'up-to-date': 'Nothing to change',
  'left-to-full-run': 'Google did not tell of this person. The next sync of everybody decides',
  'other-company': 'Belongs to another company at Google, which is never synchronized here',
  'no-longer-applies': 'No longer to be removed when it was approved',
};

export const reasonOf = (reason: string): string =>
  Object.hasOwn(REASONS, reason) ? REASONS[reason as PlanReason] : reason;

/** What a run was about, for lists of runs. */
export const whatOf = ({ dryRun, trigger }: SyncRun): string => {
  if (dryRun) return 'Preview';
  switch (trigger) {
    case 'manual':
    case 'schedule':
      return 'Sync';
    case 'push':
      return 'Change at Google';
    case 'one-user':
      return 'One person';
  }
};

/** How a run came about, in a sentence without its end. */
export const begunBy = ({ trigger, requestedBy, applyPlanOf }: SyncRun): string => {
  switch (trigger) {
    case 'manual':
    case 'one-user': {
      const what = applyPlanOf ? 'Applies a preview' : 'Started';
      return requestedBy ? `${what}, asked for by ${requestedBy}` : what;
    }
    case 'schedule':
      return 'Started on schedule';
    case 'push':
      return 'Started because Google told of a change';
  }
};

const plural = (n: number, word: string): string => `${n.toLocaleString('en')} ${word}`;

/** "3 new, 2 updated, 1 disabled": what a run changes, in the order that people ask for. */
export const summaryOf = ({ counts, heldRemovals, failed }: SyncRun): string => {
  const of = (action: PlanAction): number => counts[action] ?? 0;
  const parts = [
    plural(of('create'), 'new'),
    plural(of('update'), 'updated'),
    plural(of('disable') + of('delete') - heldRemovals, of('delete') > 0 ? 'disabled or deleted' : 'disabled'),
    ...(of('link') > 0 ? [plural(of('link'), 'linked')] : []),
    ...(of('enable') > 0 ? [plural(of('enable'), 'enabled again')] : []),
    ...(of('conflict') > 0 ? [plural(of('conflict'), of('conflict') === 1 ? 'conflict' : 'conflicts')] : []),
    ...(of('waiting-for-number') > 0 ? [plural(of('waiting-for-number'), 'waiting for a number')] : []),
    ...(heldRemovals > 0 ? [plural(heldRemovals, 'removals held back')] : []),
    ...(failed > 0 ? [plural(failed, 'failed')] : []),
  ];
  return parts.every((part) => part.startsWith('0 ')) ? 'No changes' : parts.join(', ');
};
