import pg from 'pg';

/** Asks the database one thing on a connection of its own: the server may have been killed since the last question. */
export const ask = async <Row extends pg.QueryResultRow>(
  databaseUrl: string,
  text: string,
  values: unknown[],
): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
};

export type BoundUser = {
  id: string;
  google_id: string | null;
  extension_number: string;
  display_name: string;
  email: string | null;
  given_name: string | null;
  family_name: string | null;
  department: string | null;
  title: string | null;
  enabled: boolean;
};

const readBoundUsers = (databaseUrl: string, tenantId: string): Promise<BoundUser[]> =>
  ask(
    databaseUrl,
    `select u.id, b.google_id, u.extension_number::text, u.display_name, u.email, u.given_name, u.family_name,
       u.department, u.title, u.enabled
     from extension_users u
     left join bindings b on b.tenant_id = u.tenant_id and b.extension_user_id = u.id
     where u.tenant_id = $1`,
    [tenantId],
  );

export type RunLog = {
  id: string;
  state: string;
  finished: boolean;
  dry_run: boolean;
  total: number;
  done: number;
  failed: number;
  resumed: number;
  counts: Record<string, number>;
  problem_code: string | null;
  problem_message: string | null;
  /** Rows that were held back and settled by an approval, which counts them itself. */
  approved: number;
};

const readRuns = (databaseUrl: string, tenantId: string): Promise<RunLog[]> =>
  ask(
    databaseUrl,
    `select id, state, finished_at is not null as finished, dry_run, total, done, failed, resumed, counts, problem_code,
       problem_message, coalesce((select done + stale from approvals a
         where a.tenant_id = r.tenant_id and a.run_id = r.id), 0) as approved
     from sync_runs r where tenant_id = $1 order by created_at, id`,
    [tenantId],
  );

export type LogRow = {
  run_id: string;
  seq: number;
  google_id: string;
  extension_user_id: string | null;
  action: string;
  status: string;
  extension_number: string | null;
  after: { displayName: string; email: string | null; enabled: boolean } | null;
};

const readLog = (databaseUrl: string, tenantId: string): Promise<LogRow[]> =>
  ask(
    databaseUrl,
    `select run_id, seq, google_id, extension_user_id, action, status, extension_number::text, after
     from plan_changes where tenant_id = $1 order by run_id, seq`,
    [tenantId],
  );

export const readFacts = async (databaseUrl: string, tenantId: string) => ({
  extensions: await readBoundUsers(databaseUrl, tenantId),
  runs: await readRuns(databaseUrl, tenantId),
  log: await readLog(databaseUrl, tenantId),
});
