import type { GoogleUrgency } from '../../google/index.ts';
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

const RANKS: Record<RunRow['trigger'], number> = { push: 1, 'one-user': 1, manual: 2, schedule: 3 };

/** The place of a run's steps among those of other runs that wait for a worker: 1 goes first. */
export const rankOf = (trigger: RunRow['trigger']): number => RANKS[trigger];
