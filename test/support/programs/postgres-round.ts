import pg from 'pg';
import { cacheDirectory, openDataDirectory, startEmbeddedPostgres, startGuard } from '../../../src/embedded/index.ts';

// Makes a database, asks it one thing, prints the answer, stops it.
const directory = openDataDirectory(process.env.DATA_DIR ?? '');
const guard = await startGuard({ directory: directory.path });
const postgres = await startEmbeddedPostgres({
  ...{ directory, guard, cacheDir: cacheDirectory(process.env), durable: false },
  log: () => {},
});
const client = new pg.Client({ connectionString: postgres.url });
await client.connect();
const { rows } = await client.query('select rolsuper as superuser from pg_roles where rolname = current_user');
console.log(JSON.stringify(rows[0]));
await client.end();
await postgres.stop();
await guard.close();
directory.close();
