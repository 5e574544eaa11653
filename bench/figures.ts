import pg from 'pg';

/** Where the time of a run went, in seconds, as its own rows tell. */
export type Phases = { reading: number; planning: number; applying: number };

export type Figures = {
  phases(runId: string): Promise<Phases>;
  /** Rows of extension users that were written since the database was made. */
  writesToPeople(): Promise<number>;
  /** Seconds from the wish for a run to its first step, and to its end, for each tenant. */
  waits(): Promise<{ tenantId: string; started: number; ended: number }[]>;
  close(): Promise<void>;
};

/** What only the product's database knows. */
export const openFigures = async (databaseUrl: string): Promise<Figures> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    async phases(runId) {
      const { rows } = await client.query(
        `select extract(epoch from read_at - started_at)::float8 as reading,
           extract(epoch from planned_at - read_at)::float8 as planning,
           extract(epoch from finished_at - planned_at)::float8 as applying
         from sync_runs r, lateral (select max(read_at) as read_at from directory_pages where run_id = r.id) p
         where r.id = $1`,
        [runId],
      );
      return rows[0] as Phases;
    },
    async writesToPeople() {
      await client.query('select pg_stat_force_next_flush()');
      // Other sessions tell of their writes when they are idle, within a second.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const { rows } = await client.query(
        `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int as n from pg_stat_user_tables
         where relname in ('extension_users', 'bindings', 'google_users')`,
      );
      return rows[0].n as number;
    },
    async waits() {
      const { rows } = await client.query(
        `select tenant_id as "tenantId", extract(epoch from started_at - created_at)::float8 as started,
           extract(epoch from finished_at - created_at)::float8 as ended
         from sync_runs where finished_at is not null`,
      );
      return rows;
    },
    close: () => client.end(),
  };
};
