import { defineUpdate } from '@temporalio/workflow';

export interface AuthorizeIntegrationInput {
  readonly tenantId: string;
  readonly integrationId: string;
}

export interface BeginAuthorization {
  /** The row that carries state, PKCE and nonce; made by the caller so that a repeated update is the same one. */
  readonly requestId: string;
  readonly redirectUri: string;
  /** The administrator or API token that began it. */
  readonly requestedBy: string;
}

export interface AuthorizationStarted {
  readonly requestId: string;
  readonly authorizationUrl: string;
  /** RFC 3339 */
  readonly expiresAt: string;
}

export interface CompleteAuthorization {
  readonly requestId: string;
}

export type AuthorizationOutcome =
  | { readonly state: 'authorized'; readonly generation: number }
  | { readonly state: 'refused' | 'failed' | 'expired' | 'superseded'; readonly code: string };

export const beginAuthorizationUpdate = defineUpdate<AuthorizationStarted, [BeginAuthorization]>('beginAuthorization');
export const completeAuthorizationUpdate = defineUpdate<AuthorizationOutcome, [CompleteAuthorization]>(
  'completeAuthorization',
);
