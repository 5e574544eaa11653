import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export type OpenRequestState = 'pending' | 'answered' | 'exchanging' | 'exchanged';
export type SettledRequestState = 'authorized' | 'refused' | 'failed' | 'expired' | 'superseded' | 'cancelled';
export type RequestState = OpenRequestState | SettledRequestState;

/** One walk through Google's consent page, from *Complete the authorization* to its outcome. */
export const AuthorizationRequestEntity = defineEntity({
  name: 'AuthorizationRequest',
  tableName: 'authorization_requests',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    integrationId: p.uuid(),
    state: p.text().$type<RequestState>(),
    requestedBy: p.text(),
    redirectUri: p.text(),
    scopes: p.array(),
    stateHash: p.text(),
    /** Of the cookie that ties the answer to the browser that started. */
    browserHash: p.text().nullable(),
    sealedState: p.text().nullable(),
    sealedCodeVerifier: p.text().nullable(),
    sealedNonce: p.text().nullable(),
    sealedCode: p.text().nullable(),
    sealedTokens: p.text().nullable(),
    tokensReceivedAt: p.datetime().nullable(),
    outcomeCode: p.text().nullable(),
    generation: p.integer().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    settledAt: p.datetime().nullable(),
  },
});

export type AuthorizationRequest = InferEntity<typeof AuthorizationRequestEntity>;
