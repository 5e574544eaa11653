import type { AuthorizationOutcome } from '../contracts/index.ts';
import type { Secrets } from '../db/encryption.ts';
import {
  type AuthorizationRequest,
  AuthorizationRequestEntity,
  type OpenRequestState,
  type RequestState,
  type SettledRequestState,
} from '../db/entities/index.ts';
import type { EntityManager } from '../db/orm.ts';
import { notFound } from '../errors.ts';

export interface RequestKey {
  readonly tenantId: string;
  readonly requestId: string;
}

const OPEN: readonly OpenRequestState[] = ['pending', 'answered', 'exchanging', 'exchanged'];

export const isOpen = (state: RequestState): state is OpenRequestState =>
  (OPEN as readonly RequestState[]).includes(state);

type SealedColumn = 'sealedState' | 'sealedCodeVerifier' | 'sealedNonce' | 'sealedCode' | 'sealedTokens';

const place = ({ tenantId, id }: { readonly tenantId: string; readonly id: string }, column: SealedColumn) => ({
  tenantId,
  table: 'authorization_requests',
  rowId: id,
  column,
});

export const sealFor = (
  secrets: Secrets,
  request: { readonly tenantId: string; readonly id: string },
  column: SealedColumn,
  value: string,
): string => secrets.seal(value, place(request, column));

export const openFrom = (secrets: Secrets, request: AuthorizationRequest, column: SealedColumn): string => {
  const sealed = request[column];
  if (!sealed) throw new Error(`The consent ${request.id} holds no ${column} any more.`);
  return secrets.open(sealed, place(request, column));
};

/** @throws AppError NOT_FOUND */
export const loadRequest = async (em: EntityManager, { tenantId, requestId }: RequestKey) => {
  const request = await em.findOne(AuthorizationRequestEntity, { tenantId, id: requestId });
  if (!request) throw notFound('authorization');
  return request;
};

/**
 * One step of a request, taken by whoever finds it in the state the step begins in.
 *
 * @returns false when it was in another one: somebody else took a step
 */
export const step = async (
  em: EntityManager,
  { tenantId, requestId }: RequestKey,
  from: OpenRequestState,
  changes: Partial<AuthorizationRequest> & { readonly state: RequestState },
): Promise<boolean> =>
  (await em.nativeUpdate(AuthorizationRequestEntity, { tenantId, id: requestId, state: from }, changes)) === 1;

const FORGOTTEN = {
  sealedState: null,
  sealedCodeVerifier: null,
  sealedNonce: null,
  sealedCode: null,
  sealedTokens: null,
} satisfies Partial<Record<SealedColumn, null>>;

/** The end of a request: its outcome stays, every secret of it goes. */
export const settlement = (state: SettledRequestState, settledAt: Date, outcomeCode: string | null = null) => ({
  ...FORGOTTEN,
  state,
  settledAt,
  outcomeCode,
});

/** @returns false when it had ended before */
export const settle = async (
  em: EntityManager,
  { tenantId, requestId }: RequestKey,
  end: ReturnType<typeof settlement>,
): Promise<boolean> =>
  (await em.nativeUpdate(AuthorizationRequestEntity, { tenantId, id: requestId, state: { $in: [...OPEN] } }, end)) ===
  1;

/** Ends whatever request of the integration is open. */
export const settleOpen = (
  em: EntityManager,
  integration: { readonly tenantId: string; readonly id: string },
  end: ReturnType<typeof settlement>,
): Promise<number> =>
  em.nativeUpdate(
    AuthorizationRequestEntity,
    { tenantId: integration.tenantId, integrationId: integration.id, state: { $in: [...OPEN] } },
    end,
  );

/** Undefined while the request is open. */
export const outcomeOf = ({
  state,
  generation,
  outcomeCode,
}: AuthorizationRequest): AuthorizationOutcome | undefined => {
  switch (state) {
    case 'authorized':
      return { state, generation: generation ?? 0 };
    case 'refused':
    case 'failed':
      return { state, code: outcomeCode ?? 'INTERNAL' };
    case 'expired':
      return { state, code: 'AUTHORIZATION_EXPIRED' };
    case 'superseded':
    case 'cancelled':
      return { state: 'superseded', code: 'AUTHORIZATION_SUPERSEDED' };
    case 'pending':
    case 'answered':
    case 'exchanging':
    case 'exchanged':
      return undefined;
  }
};
