import { sql } from 'kysely';
import type { EntityManager } from '../db/orm.ts';

export interface SessionRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly administrator_id: string;
  readonly email: string;
  readonly display_name: string;
  readonly seen_lately: boolean;
}

export interface SessionWindow {
  readonly createdSince: Date;
  readonly seenSince: Date;
  readonly seenLatelySince: Date;
}

/** The live session with this hash and its administrator, unless the tenant is being deleted. */
export const findSessionByHash = async (
  em: EntityManager,
  hash: string,
  { createdSince, seenSince, seenLatelySince }: SessionWindow,
): Promise<SessionRow | undefined> => {
  const { rows } = await sql<SessionRow>`
    select session.id, session.tenant_id, session.administrator_id, administrator.email, administrator.display_name,
      session.last_seen_at > ${seenLatelySince}::timestamptz as seen_lately
    from portal_sessions session
    join administrators administrator
      on administrator.tenant_id = session.tenant_id and administrator.id = session.administrator_id
    join tenants on tenants.id = session.tenant_id and tenants.state = 'active'
    where session.token_hash = ${hash}
      and session.created_at > ${createdSince}::timestamptz
      and session.last_seen_at > ${seenSince}::timestamptz
  `.execute(em.getKysely());
  return rows[0];
};

export interface CredentialRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly email: string;
  readonly display_name: string;
  readonly password_hash: string;
}

/** The administrator with this e-mail at the level of a SIP domain, or of the system without one. */
export const findCredential = async (
  em: EntityManager,
  { email, sipDomain }: { email: string; sipDomain: string | undefined },
): Promise<CredentialRow | undefined> => {
  const { rows } = await sql<CredentialRow>`
    select administrator.id, administrator.tenant_id, administrator.email, administrator.display_name,
      administrator.password_hash
    from administrators administrator
    join tenants on tenants.id = administrator.tenant_id and tenants.state = 'active'
    where lower(administrator.email) = lower(${email})
      and (case when ${sipDomain ?? null}::text is null then tenants.kind = 'system'
        else lower(tenants.sip_domain) = lower(${sipDomain ?? null}::text) end)
  `.execute(em.getKysely());
  return rows[0];
};

/** Forgets counted tries whose time is over. */
export const sweepAttempts = async (em: EntityManager, nowMs: number): Promise<void> => {
  // every tenant: tries are counted by address, before anybody is known
  await sql`delete from sign_in_attempts where expire < ${nowMs}`.execute(em.getKysely());
};
