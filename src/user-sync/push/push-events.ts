/**
 * What is told to us: new people, changed ones (suspended, archived and renamed ones are), and people restored after a
 * deletion. Deletions are not asked for: absence is proved by a reading of everybody only.
 */
export const PUSH_EVENTS = ['add', 'update', 'undelete'] as const;
export type PushEvent = (typeof PUSH_EVENTS)[number];
