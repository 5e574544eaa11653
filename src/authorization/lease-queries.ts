import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';

export interface LeaseClaim {
  readonly tenantId: string;
  readonly grantId: string;
  readonly owner: string;
  readonly leaseMs: number;
  /** The token that the claimer found wanting; another one now means that somebody renewed it meanwhile. */
  readonly seenTokenHash: string | null;
}

/**
 * Claims the right to renew a grant, for a while. The database's clock decides, because those of several machines
 * differ.
 */
export const claimLease = async (em: EntityManager, claim: LeaseClaim): Promise<boolean> => {
  const { rows } = await sql<{ id: string }>`
    update grants
    set lease_owner = ${claim.owner}::uuid,
      lease_until = clock_timestamp() + make_interval(secs => ${claim.leaseMs / 1000}::float8)
    where tenant_id = ${claim.tenantId} and id = ${claim.grantId} and ended_at is null
      and (lease_until is null or lease_until < clock_timestamp())
      and access_token_hash is not distinct from ${claim.seenTokenHash}::text
    returning id
  `.execute(em.getKysely());
  return rows.length === 1;
};
