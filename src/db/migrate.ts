import { sql } from 'kysely';
import { openOrm } from './orm.ts';

const MIGRATION_LOCK = 7_264_221;

/** Brings the database up to date. Safe to call from many processes at once: one works, the others wait for it. */
export const migrate = async (databaseUrl: string): Promise<void> => {
  const lockHolder = await openOrm({ databaseUrl, maxConnections: 1 });
  const worker = await openOrm({ databaseUrl, maxConnections: 2 });
  try {
    await lockHolder.em.fork().transactional(async (em) => {
      await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(em.getKysely());
      await worker.migrator.up();
    });
  } finally {
    await worker.close();
    await lockHolder.close();
  }
};
