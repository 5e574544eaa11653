import pg from 'pg';

/** Where the time of a run went, in seconds, as its own rows tell. */
export type Phases = { reading: number; planning: number; applying: number };

export type Mark = { xid: string; rows: number };

export type Figures = {
  phases(runId: string): Promise<Phases>;
  /** A moment from which writes are counted. */
  mark(): Promise<Mark>;
  /** Rows of people that were made, changed or deleted since: their extensions, bindings and profiles. */
  writesSince(mark: Mark): Promise<number>;
  /** Seconds from the wish for a run to its first step, and to its end, for each tenant. */
  waits(): Promise<{ tenantId: string; started: number; ended: number }[]>;
  close(): Promise<void>;
};

/** What only the product's database knows. */
export const openFigures = async (databaseUrl: string): Promise<Figures> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  /** Every version of a row names the transaction that wrote it; statistics of the server would come late. */
  const rowsOfPeople = async (since: string): Promise<number> => {
    const of = (table: string) => `(select count(*) from ${table} where xmin::text::bigint >= $1)`;
    const { rows } = await client.query(
      `select (${['extension_users', 'bindings', 'google_users'].map(of).join(' + ')})::int as n`,
      [since],
    );
    return rows[0].n as number;
  };
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
    async mark() {
      const { rows } = await client.query('select pg_snapshot_xmax(pg_current_snapshot())::text as xid');
      return { xid: rows[0].xid as string, rows: await rowsOfPeople('0') };
    },
    async writesSince({ xid, rows }) {
      return (await rowsOfPeople(xid)) + Math.abs((await rowsOfPeople('0')) - rows);
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
