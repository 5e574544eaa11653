import type { GoogleUrgency } from '../google/index.ts';
import type { RunRow } from './run-queries.ts';

/** How much a run hurries, at Google and wherever work waits for its turn. */
export const urgencyOf = (trigger: RunRow['trigger']): GoogleUrgency => {
  switch (trigger) {
    case 'push':
    case 'one-user':
      return 'person';
    case 'manual':
      return 'manual';
    case 'schedule':
      return 'scheduled';
  }
};

const RANKS: Record<GoogleUrgency, number> = { person: 1, manual: 2, scheduled: 3, photos: 5 };

/** The place of a run's steps among those of other runs that wait for a worker: 1 goes first, 5 last. */
export const rankOf = (trigger: RunRow['trigger']): number => RANKS[urgencyOf(trigger)];
