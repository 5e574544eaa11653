import type { Clock } from '../clock.ts';
import type { Secrets } from '../db/encryption.ts';
import type { Orm } from '../db/orm.ts';
import type { CustomerReader } from '../google/customer.ts';
import type { GoogleOAuth } from '../google/oauth.ts';
import type {
  AuthorizationWorkflows,
  ConnectedData,
  ReleaseAtGoogle,
  ResumeWaitingWork,
  WantedFeatures,
} from './ports.ts';
import type { RedirectOrigins } from './redirect-uris.ts';

export interface AuthorizationDurations {
  /** From *Complete the authorization* to the answer of Google. */
  readonly consentMs: number;
  /** A token with less than this to live is renewed before it is given out. */
  readonly expiryMarginMs: number;
  /** How long one caller alone may renew a token; longer than Google's client waits for an answer. */
  readonly leaseMs: number;
  /** How long a caller waits for another's renewal. */
  readonly leaseWaitMs: number;
  /** Upkeep renews this long before expiry, while the token is in use. */
  readonly refreshAheadMs: number;
  /** Used within this time, a token counts as in use. */
  readonly inUseMs: number;
  /** Upkeep of an idle grant: Google forgets what was not used for six months, and ends app tests after seven days. */
  readonly idleRefreshMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const DEFAULT_DURATIONS: AuthorizationDurations = {
  consentMs: 15 * MINUTE_MS,
  expiryMarginMs: MINUTE_MS,
  leaseMs: 30_000,
  leaseWaitMs: 35_000,
  refreshAheadMs: 5 * MINUTE_MS,
  inUseMs: 60 * MINUTE_MS,
  idleRefreshMs: 6 * DAY_MS,
};

export interface AuthorizationDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly oauth: GoogleOAuth;
  readonly readCustomerId: CustomerReader;
  readonly origins: RedirectOrigins;
  readonly workflows: AuthorizationWorkflows;
  readonly resumeWaitingWork: ResumeWaitingWork;
  readonly releaseAtGoogle: ReleaseAtGoogle;
  readonly connectedData: ConnectedData;
  readonly wantedFeatures: WantedFeatures;
  readonly durations?: Partial<AuthorizationDurations>;
  /** Between 0 and 1; spreads renewals over time. */
  readonly random?: () => number;
}
