import type { GoogleUrgency } from '../google/index.ts';
import type { RunRow } from './run-queries.ts';

/** How much a run hurries at Google. */
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
