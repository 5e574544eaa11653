import { isAppError } from '../errors.ts';

/** Who goes first when the quota is short: one person's change, what somebody waits for, the schedule, pictures. */
export type GoogleUrgency = 'person' | 'manual' | 'scheduled' | 'photos';

export interface PermitRequest {
  /** Whose requests they are. The Google project they count for is the one of the tenant's OAuth client. */
  readonly tenantId: string;
  /** How many requests the caller would send now, at least 1; ask for about a second's worth at a time. */
  readonly permits: number;
  readonly urgency: GoogleUrgency;
  readonly signal: AbortSignal;
}

export interface PermitGrant {
  /** How many requests may be sent now: 1 to what was asked for, fewer while others wait for the same quota. */
  readonly permits: number;
  /** How many of them may be under way at the same time for this account. */
  readonly parallel: number;
}

/** The quota of Google's APIs, shared by every process and kept for each Google project and each account. */
export interface GooglePace {
  /**
   * Waits for the caller's turn, for a few seconds at most.
   *
   * @throws AppError GOOGLE_QUOTA_IN_USE with `retryAfterMs` when the turn is further away than that; nothing was
   * taken, and the caller gives its slot back and asks again after that time. The signal's reason once it is aborted.
   */
  take(request: PermitRequest): Promise<PermitGrant>;
  /** Tells that Google refused for its quota, so that all who share it wait as long as Google asked. */
  slowDown(tenantId: string, refusal: unknown): Promise<void>;
}

/** Whether Google refused for its quota, and not for anything about the request. */
export const isQuotaRefusal = (error: unknown): boolean => isAppError(error) && error.kind === 'throttled';

/** Sends one request in its turn; a refusal for the quota holds back everybody who shares it, then is thrown. */
export const inTurn = async <Answer>(
  pace: GooglePace,
  request: Omit<PermitRequest, 'permits'>,
  send: () => Promise<Answer>,
): Promise<Answer> => {
  await pace.take({ ...request, permits: 1 });
  try {
    return await send();
  } catch (error) {
    if (isQuotaRefusal(error)) await pace.slowDown(request.tenantId, error);
    throw error;
  }
};

/** Lets everything through at once. */
export const UNPACED: GooglePace = {
  take: async ({ permits }) => ({ permits, parallel: permits }),
  slowDown: async () => undefined,
};
