import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const databases: TestDatabase[] = [];
afterAll(async () => {
  for (const database of databases) await database.drop();
});

async function openedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  databases.push(database);
  return database;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('gives every caller a migrated database that no other caller sees', async () => {
  const [one, other] = await Promise.all([openedDatabase(), openedDatabase()]);
  await query(one.url, 'create table only_here ()');
  const tables = await query(one.url, "select table_name from information_schema.tables where table_schema = 'public'");
  const others = await query(other.url, "select to_regclass('only_here') as found, to_regclass('tenants') as migrated");
  expect(tables.map((row) => row.table_name)).toContain('only_here');
  expect(others).toEqual([{ found: null, migrated: 'tenants' }]);
});
