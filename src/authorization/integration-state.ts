import type { AuthorizationRequest, Grant, Integration } from '../db/entities/index.ts';
import { isErrorCode } from '../errors.ts';
import { isOpen } from './requests.ts';

export type IntegrationState =
  | 'not-configured'
  | 'configured'
  | 'waiting-for-consent'
  | 'active'
  | 'reauthorize'
  | 'disconnected';

export interface IntegrationFacts {
  readonly integration: Integration | null;
  readonly grant: Grant | null;
  readonly request: AuthorizationRequest | null;
  readonly now: Date;
}

/** A consent that is still to be answered or worked on. */
export const isConsentUnderWay = (request: AuthorizationRequest | null, now: Date): request is AuthorizationRequest =>
  request !== null && isOpen(request.state) && (request.state !== 'pending' || request.expiresAt > now);

/** Where an integration stands. A living grant counts more than a consent that is being renewed beside it. */
export const integrationState = ({ integration, grant, request, now }: IntegrationFacts): IntegrationState => {
  if (!integration?.clientId) return 'not-configured';
  if (grant && !grant.endedAt) return 'active';
  if (isConsentUnderWay(request, now)) return 'waiting-for-consent';
  if (integration.disconnectedAt) return 'disconnected';
  return isErrorCode(grant?.endCode) ? 'reauthorize' : 'configured';
};
