import type { GoogleUrgency } from '../../google/index.ts';

/** In whose name Google is asked, and how much it hurries. */
export interface Asking {
  readonly tenantId: string;
  readonly urgency: GoogleUrgency;
  readonly signal: AbortSignal;
}
