import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';
import type { Scope } from './actor.ts';

export interface TokenRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly seen_lately: boolean;
}

/** The token with this hash, unless its tenant is being deleted. */
export const findTokenByHash = async (
  em: EntityManager,
  { hash, seenSince }: { hash: string; seenSince: Date },
): Promise<TokenRow | undefined> => {
  const { rows } = await sql<TokenRow>`
    select token.id, token.tenant_id, token.name, token.scopes,
      coalesce(token.last_used_at > ${seenSince}::timestamptz, false) as seen_lately
    from api_tokens token
    join tenants on tenants.id = token.tenant_id and tenants.state = 'active'
    where token.token_hash = ${hash}
  `.execute(em.getKysely());
  return rows[0];
};
