import { sql } from 'kysely';
import type { EntityManager } from '../../db/orm.ts';
import type { PbxChange, PbxUserFields } from '../directory.ts';

type Create = Extract<PbxChange, { kind: 'create' }>;
type Change = Extract<PbxChange, { kind: 'change' }>;
type Delete = Extract<PbxChange, { kind: 'delete' }>;

const columnsOf = (fields: PbxUserFields | null) => ({
  display_name: fields?.displayName ?? null,
  email: fields?.email ?? null,
  given_name: fields?.givenName ?? null,
  family_name: fields?.familyName ?? null,
  phones: fields?.phones ?? [],
  department: fields?.department ?? null,
  title: fields?.title ?? null,
});

export interface UserRevision {
  readonly id: string;
  readonly revision: number;
}

/** Takes the number and makes the user, or neither; a number that is taken leaves its user out of the answer. */
export const insertUsers = async (
  em: EntityManager,
  tenantId: string,
  creates: readonly Create[],
): Promise<readonly UserRevision[]> => {
  const input = creates.map((create) => ({
    id: create.userId,
    extension_number: create.extensionNumber,
    ...columnsOf(create.fields),
  }));
  const { rows } = await sql<UserRevision>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as input(
        id uuid, extension_number bigint, display_name text, email text, given_name text, family_name text,
        phones jsonb, department text, title text)
    ), numbers as (
      insert into extension_numbers (tenant_id, number, owner_kind)
      select ${tenantId}::uuid, extension_number, 'user' from input order by extension_number
      on conflict (tenant_id, number) do nothing
      returning number
    ), users as (
      insert into extension_users (tenant_id, id, extension_number, display_name, email, given_name, family_name,
        phones, department, title)
      select ${tenantId}::uuid, id, extension_number, display_name, email, given_name, family_name, phones,
        department, title
      from input join numbers on numbers.number = input.extension_number
      returning id, revision
    )
    select id, revision from users`.execute(em.getKysely());
  return rows;
};

/** Changes the users that still are as they were when the change was planned. */
export const updateUsers = async (
  em: EntityManager,
  tenantId: string,
  changes: readonly Change[],
): Promise<readonly UserRevision[]> => {
  const input = changes.map((change) => ({
    id: change.userId,
    expected_revision: change.expectedRevision,
    has_fields: change.fields !== null,
    enabled: change.enabled,
    disabled_by: change.enabled === false ? (change.disabledBy ?? null) : null,
    ...columnsOf(change.fields),
  }));
  const { rows } = await sql<UserRevision>`
    with input as (
      select * from jsonb_to_recordset(${JSON.stringify(input)}::jsonb) as input(
        id uuid, expected_revision int, has_fields boolean, enabled boolean, disabled_by text, display_name text,
        email text, given_name text, family_name text, phones jsonb, department text, title text)
    )
    update extension_users as u set
      display_name = case when input.has_fields then input.display_name else u.display_name end,
      email = case when input.has_fields then input.email else u.email end,
      given_name = case when input.has_fields then input.given_name else u.given_name end,
      family_name = case when input.has_fields then input.family_name else u.family_name end,
      phones = case when input.has_fields then input.phones else u.phones end,
      department = case when input.has_fields then input.department else u.department end,
      title = case when input.has_fields then input.title else u.title end,
      enabled = coalesce(input.enabled, u.enabled),
      disabled_by = case when coalesce(input.enabled, u.enabled) then null
        else coalesce(input.disabled_by, u.disabled_by, 'sync') end,
      revision = u.revision + 1,
      updated_at = now()
    from input
    where u.tenant_id = ${tenantId} and u.id = input.id and u.revision = input.expected_revision
    returning u.id, u.revision`.execute(em.getKysely());
  return rows;
};

/** Deletes the users that still are as they were when the change was planned, and gives their numbers back. */
export const deleteUsers = async (
  em: EntityManager,
  tenantId: string,
  deletes: readonly Delete[],
): Promise<ReadonlySet<string>> => {
  const ids = deletes.map(({ userId }) => userId);
  const revisions = deletes.map(({ expectedRevision }) => expectedRevision);
  const { rows } = await sql<{ id: string }>`
    with users as (
      select u.id, u.extension_number from unnest(${ids}::uuid[], ${revisions}::int[]) as input(id, revision)
      join extension_users u on u.tenant_id = ${tenantId} and u.id = input.id and u.revision = input.revision
      for update of u
    ), numbers as (
      delete from extension_numbers n using users
      where n.tenant_id = ${tenantId} and n.number = users.extension_number
      returning n.number
    )
    select users.id from users join numbers on numbers.number = users.extension_number`.execute(em.getKysely());
  return new Set(rows.map(({ id }) => id));
};

/**
 * Which of these users exist, to tell "gone" from "changed" and "made before" from "number taken". Each is looked up by
 * its key (`offset 0` keeps it so): without statistics, as during a first sync, Postgres would read the whole tenant.
 */
export const existingUsers = async (
  em: EntityManager,
  tenantId: string,
  ids: readonly string[],
): Promise<readonly UserRevision[]> => {
  if (ids.length === 0) return [];
  const { rows } = await sql<UserRevision>`
    select input.id, u.revision from unnest(${[...ids]}::uuid[]) as input(id)
    cross join lateral (
      select revision from extension_users where tenant_id = ${tenantId} and id = input.id offset 0
    ) u`.execute(em.getKysely());
  return rows;
};

/**
 * How many users the licence still allows; null when it has no limit. Under a limit the tenant's row stays locked until
 * the transaction ends, so that two batches cannot both take the last place.
 */
export const selectUsersLeft = async (em: EntityManager, tenantId: string): Promise<number | null> => {
  const { rows: limits } = await sql<{ extension_limit: number }>`
    select extension_limit from tenants where id = ${tenantId} and extension_limit is not null
    for no key update`.execute(em.getKysely());
  const limit = limits[0]?.extension_limit;
  if (limit === undefined) return null;
  const { rows } = await sql<{ users: number }>`
    select count(*)::int as users from extension_users where tenant_id = ${tenantId}`.execute(em.getKysely());
  return Math.max(0, limit - (rows[0]?.users ?? 0));
};

export const selectNumbersInUse = async (
  em: EntityManager,
  tenantId: string,
  from: number,
  to: number,
): Promise<readonly number[]> => {
  const { rows } = await sql<{ number: string }>`
    select number from extension_numbers
    where tenant_id = ${tenantId} and number between ${from} and ${to} order by number`.execute(em.getKysely());
  return rows.map((row) => Number(row.number));
};
