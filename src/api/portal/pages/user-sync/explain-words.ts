import type { ExplainedNumber, Explanation, PlanAction } from '../../../../user-sync/index.ts';
import { reasonOf } from './words.ts';

/** How it stands with a person, in one sentence. */
export const standingInWords = ({ googleId, userId, number, enabled, disabledBy, listed }: Explanation): string => {
  if (userId && !googleId)
    return 'This extension was made by hand. No Google user is linked to it, so no sync changes it.';
  if (!number && userId) return 'Has an extension, but is not linked to it.';
  if (!number)
    return listed ? 'Is in Google Workspace and has no extension.' : 'Is not in Google Workspace and has no extension.';
  if (enabled) return `Is synchronized, with extension ${number.extensionNumber}.`;
  return disabledBy === 'administrator'
    ? `Extension ${number.extensionNumber} was disabled by an administrator, and stays so until one enables it.`
    : `Extension ${number.extensionNumber} is disabled by the sync.`;
};

const NEXT: Readonly<Record<PlanAction, string>> = {
  create: 'makes a new extension',
  link: 'links the extension that has the same address',
  update: 'writes what changed in Google',
  disable: 'disables the extension',
  enable: 'enables the extension again',
  delete: 'deletes the extension',
  skip: 'leaves this person out',
  conflict: 'cannot decide, and asks you',
  'waiting-for-number': 'waits for a free number',
};

/** What the next sync does with the person and why, as far as the last reading tells. */
export const verdictInWords = ({ verdict, readAt }: Explanation): string => {
  if (!readAt) return 'Not known yet: nobody was read from Google so far. Make a preview first.';
  if (verdict.action === 'none') return 'The next sync changes nothing: everything is as it should be.';
  const reason = verdict.reason ? `: ${reasonOf(verdict.reason).toLowerCase().replaceAll('google', 'Google')}` : '';
  return `The next sync ${NEXT[verdict.action]}${reason}.`;
};

export const numberInWords = ({ from }: ExplainedNumber): string => {
  switch (from) {
    case 'first-free':
      return 'It was the first free number of the range when the extension was made.';
    case 'kept-for-return':
      return 'It was kept for this person, who had it before.';
    case 'existing-extension':
      return 'The extension was there already, with the same e-mail address.';
    case 'bound-by-hand':
      return 'An administrator bound this extension by hand.';
    case 'unknown':
      return 'It was given longer ago than the log goes back.';
  }
};
