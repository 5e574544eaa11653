import { sql } from 'kysely';
import type { Orm } from './orm.ts';

/** Resolves when the database answers; rejects when it does not. */
export const checkDatabase = async (orm: Orm): Promise<void> => {
  // every tenant: it reads no table
  await sql`select 1`.execute(orm.em.fork().getKysely());
};
