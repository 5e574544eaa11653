import type { Secrets } from '../db/encryption.ts';
import { type Grant, GrantEntity } from '../db/entities/index.ts';
import type { EntityManager } from '../db/orm.ts';
import type { ErrorCode } from '../errors.ts';

/** Why a grant is over: by one of our codes when somebody must act, else by what an administrator did. */
export type GrantEnd = ErrorCode | 'SUPERSEDED' | 'DISCONNECTED';

type SealedColumn = 'sealedRefreshToken' | 'sealedAccessToken';

type GrantKey = Pick<Grant, 'tenantId' | 'id'>;

const place = ({ tenantId, id }: GrantKey, column: SealedColumn) => ({ tenantId, table: 'grants', rowId: id, column });

export const sealToken = (secrets: Secrets, grant: GrantKey, column: SealedColumn, token: string): string =>
  secrets.seal(token, place(grant, column));

/** Undefined when the grant holds no such token. */
export const openToken = (secrets: Secrets, grant: Grant, column: SealedColumn): string | undefined => {
  const sealed = grant[column];
  return sealed ? secrets.open(sealed, place(grant, column)) : undefined;
};

export const NO_ACCESS_TOKEN = { sealedAccessToken: null, accessTokenHash: null, accessTokenExpiresAt: null } as const;

export const NO_LEASE = { leaseOwner: null, leaseUntil: null } as const;

export const NO_FAILURES = { failures: 0, failingSince: null, failureCode: null, retryAt: null } as const;

/** Ended by these, a grant works again once the right secret is saved or the client is restored. */
export const MENDABLE_ENDS: readonly string[] = [
  'GOOGLE_CLIENT_REJECTED',
  'GOOGLE_CLIENT_DELETED',
] satisfies ErrorCode[];

export const ending = (endCode: GrantEnd, endedAt: Date) => ({
  ...NO_ACCESS_TOKEN,
  ...NO_LEASE,
  ...(MENDABLE_ENDS.includes(endCode) ? {} : { sealedRefreshToken: null }),
  endedAt,
  endCode,
});

/** Ends the live grant of an integration, if it has one. */
export const endLiveGrant = (
  em: EntityManager,
  integration: { readonly tenantId: string; readonly id: string },
  endCode: GrantEnd,
  endedAt: Date,
): Promise<number> =>
  em.nativeUpdate(
    GrantEntity,
    { tenantId: integration.tenantId, integrationId: integration.id, endedAt: null },
    ending(endCode, endedAt),
  );
