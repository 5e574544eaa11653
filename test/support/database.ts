import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { TEMPLATE_DATABASE } from './embedded-pair.ts';
import { suite } from './suite.ts';

export type TestDatabase = {
  readonly url: string;
  /** Drops the database, whoever is still connected to it. */
  drop(): Promise<void>;
};

export type TestDatabaseOptions = {
  /** True starts without any table. */
  empty?: boolean;
};

/** A migrated database of the caller's own, on the suite's server. */
export async function createTestDatabase({ empty = false }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`create database ${name} template ${empty ? 'template0' : TEMPLATE_DATABASE}`);
  const url = new URL(suite().databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: suite().databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
