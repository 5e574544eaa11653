import type { Authorization, CreateRequest, RequestCreated, RequestKey, UpkeepStep } from '../authorization/index.ts';
import type { AuthorizationOutcome, AuthorizeIntegrationInput, KeepTokenFreshInput } from '../contracts/index.ts';
import type { ErrorCode } from '../errors.ts';

/** The steps of a consent and of token upkeep. Ids travel; codes, tokens and secrets stay in the database. */
export const createAuthorizationActivities = (authorization: Authorization) => ({
  createAuthorizationRequest: (request: CreateRequest): Promise<RequestCreated> => authorization.createRequest(request),
  completeAuthorizationRequest: (key: RequestKey): Promise<AuthorizationOutcome> => authorization.completeRequest(key),
  expireAuthorizationRequest: async (key: RequestKey): Promise<AuthorizationOutcome | null> =>
    (await authorization.expireRequest(key)) ?? null,
  failAuthorizationRequest: (end: RequestKey & { readonly code: ErrorCode }): Promise<AuthorizationOutcome> =>
    authorization.failRequest(end),
  discardAuthorizationRequest: (key: RequestKey): Promise<void> => authorization.discardRequest(key),
  announceGrant: (integration: AuthorizeIntegrationInput): Promise<void> => authorization.announceGrant(integration),
  keepGrantFresh: (integration: KeepTokenFreshInput): Promise<UpkeepStep> => authorization.keepFresh(integration),
});

export type AuthorizationActivities = ReturnType<typeof createAuthorizationActivities>;
