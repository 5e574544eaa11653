import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { PushEvent } from './push-events.ts';

export interface ChannelRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly event: PushEvent;
  readonly state: 'opening' | 'open' | 'stopping';
  readonly token_hash: string;
  readonly resource_id: string | null;
  readonly begun_at: Date;
  readonly expires_at: Date | null;
  readonly proven_at: Date | null;
}

/** Times as milliseconds: as text they would come in the form that the connection happens to be set to. */
interface StoredChannel extends Omit<ChannelRow, 'begun_at' | 'expires_at' | 'proven_at'> {
  readonly begun_ms: number;
  readonly expires_ms: number | null;
  readonly proven_ms: number | null;
}

const COLUMNS = sql.raw(`tenant_id, id, event, state, token_hash, resource_id,
  extract(epoch from begun_at)::float8 * 1000 as begun_ms, extract(epoch from expires_at)::float8 * 1000 as expires_ms,
  extract(epoch from proven_at)::float8 * 1000 as proven_ms`);

const toChannel = ({ begun_ms, expires_ms, proven_ms, ...row }: StoredChannel): ChannelRow => ({
  ...row,
  begun_at: new Date(begun_ms),
  expires_at: expires_ms === null ? null : new Date(expires_ms),
  proven_at: proven_ms === null ? null : new Date(proven_ms),
});

export const selectChannels = async (em: EntityManager, tenantId: string): Promise<readonly ChannelRow[]> => {
  const { rows } = await sql<StoredChannel>`
    select ${COLUMNS} from push_channels where tenant_id = ${tenantId} order by event, generation`.execute(
    em.getKysely(),
  );
  return rows.map(toChannel);
};

export interface NewChannel {
  readonly tenantId: string;
  readonly id: string;
  readonly event: PushEvent;
  readonly tokenHash: string;
  readonly now: Date;
}

/** Before Google is asked: its first message may arrive before its answer. False: somebody else opens one just now. */
export const insertChannel = async (em: EntityManager, channel: NewChannel): Promise<boolean> => {
  const { tenantId, id, event, tokenHash, now } = channel;
  const { rows } = await sql`
    insert into push_channels (tenant_id, id, event, generation, state, token_hash, begun_at)
    select ${tenantId}, ${id}, ${event}, coalesce(max(generation), 0) + 1, 'opening', ${tokenHash}, ${now.toISOString()}
    from push_channels where tenant_id = ${tenantId} and event = ${event}
    on conflict (tenant_id, event, generation) do nothing
    returning id`.execute(em.getKysely());
  return rows.length === 1;
};

export interface ChannelOpened {
  readonly tenantId: string;
  readonly id: string;
  readonly event: PushEvent;
  readonly resourceId: string;
  readonly expiresAt: Date;
}

/** The new channel takes the place of the old one, which is to be stopped. False: it was given up meanwhile. */
export const markOpen = async (em: EntityManager, channel: ChannelOpened): Promise<boolean> => {
  const { tenantId, id, event, resourceId, expiresAt } = channel;
  await sql`
    update push_channels set state = 'stopping'
    where tenant_id = ${tenantId} and event = ${event} and state = 'open'
      and exists (select from push_channels where tenant_id = ${tenantId} and id = ${id} and state = 'opening')`.execute(
    em.getKysely(),
  );
  const { rows } = await sql`
    update push_channels set state = 'open', resource_id = ${resourceId}, expires_at = ${expiresAt.toISOString()}
    where tenant_id = ${tenantId} and id = ${id} and state = 'opening'
    returning id`.execute(em.getKysely());
  return rows.length === 1;
};

export const deleteChannel = async (em: EntityManager, tenantId: string, id: string): Promise<void> => {
  await sql`delete from push_channels where tenant_id = ${tenantId} and id = ${id}`.execute(em.getKysely());
};

/** The channel that a message names; the message is what tells the tenant, so all of them are looked through. */
export const selectChannel = async (em: EntityManager, id: string): Promise<ChannelRow | undefined> => {
  // every tenant: the channel tells whose it is
  const { rows } = await sql<StoredChannel>`select ${COLUMNS} from push_channels where id = ${id}`.execute(
    em.getKysely(),
  );
  return rows[0] && toChannel(rows[0]);
};

/** Google's first message arrived: the address can be reached. */
export const markProven = async (
  em: EntityManager,
  tenantId: string,
  id: string,
  resourceId: string,
  now: Date,
): Promise<void> => {
  await sql`
    update push_channels set proven_at = coalesce(proven_at, ${now.toISOString()}),
      resource_id = coalesce(resource_id, ${resourceId})
    where tenant_id = ${tenantId} and id = ${id}`.execute(em.getKysely());
};

export interface UpkeepProblem {
  readonly code: string;
  readonly message: string;
}

export interface Upkeep {
  readonly problem: UpkeepProblem | null;
  /** In a row; the pause between tries grows with it. */
  readonly failures: number;
}

export const selectUpkeep = async (em: EntityManager, tenantId: string): Promise<Upkeep> => {
  const { rows } = await sql<{ code: string | null; message: string | null; failures: number }>`
    select problem_code as code, problem_message as message, failures from push_upkeep
    where tenant_id = ${tenantId}`.execute(em.getKysely());
  const [row] = rows;
  if (!row) return { problem: null, failures: 0 };
  const { code, message, failures } = row;
  return { problem: code !== null && message !== null ? { code, message } : null, failures };
};

/** Notes how the last look at a tenant's channels went, and when to look again at the latest. */
export const saveUpkeep = async (
  em: EntityManager,
  tenantId: string,
  { problem, failures }: Upkeep,
  dueAt: Date,
): Promise<void> => {
  await sql`
    insert into push_upkeep (tenant_id, problem_code, problem_message, failures, due_at)
    select id, ${problem?.code ?? null}, ${problem?.message ?? null}, ${failures}, ${dueAt.toISOString()}
    from tenants where id = ${tenantId}
    on conflict (tenant_id) do update set problem_code = excluded.problem_code,
      problem_message = excluded.problem_message, failures = excluded.failures,
      due_at = excluded.due_at`.execute(em.getKysely());
};

/**
 * Tenants whose channels nobody looks after as they should: automatic ones that are new or overdue, and others that
 * still have channels.
 */
export const selectNeglected = async (em: EntityManager, overdueAt: Date): Promise<readonly string[]> => {
  // every tenant: this is what finds them
  const { rows } = await sql<{ tenant_id: string }>`
    select s.tenant_id from sync_settings s
    left join push_upkeep u on u.tenant_id = s.tenant_id
    where (s.mode = 'automatic' and not s.paused and (u.due_at is null or u.due_at < ${overdueAt.toISOString()}))
      or ((s.mode is distinct from 'automatic' or s.paused)
        and exists (select from push_channels c where c.tenant_id = s.tenant_id))
    order by u.due_at nulls first limit 500`.execute(em.getKysely());
  return rows.map((row) => row.tenant_id);
};
