import { sql } from 'kysely';
import type { Orm } from './orm.ts';

/** Resolves when the database answers; rejects when it does not. */
export const checkDatabase = async (orm: Orm): Promise<void> => {
  // every tenant: it reads no table
  await sql`select 1`.execute(orm.em.fork().getKysely());
};

export const readDatabaseTime = async (orm: Orm): Promise<Date> => {
  // every tenant: it reads no table
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(orm.em.fork().getKysely());
  return new Date(rows[0]?.ms ?? Number.NaN);
};
