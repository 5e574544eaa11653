import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import {
  cacheDirectory,
  findTemporalCli,
  openDataDirectory,
  startEmbeddedPostgres,
  startEmbeddedTemporal,
  startGuard,
} from '../../src/embedded/index.ts';

export const TEMPLATE_DATABASE = 'migrated_template';

export type EmbeddedPair = {
  databaseUrl: string;
  temporalAddress: string;
  stop(): Promise<void>;
};

/**
 * One throw-away Postgres, with a migrated database to copy, and one Temporal server in memory. Whatever was started
 * is stopped again when anything fails.
 */
export async function startEmbeddedPair(log: (line: string) => void): Promise<EmbeddedPair> {
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-suite-'));
    undo.push(() => fs.rmSync(dataDir, { recursive: true, force: true }));
    const directory = openDataDirectory(dataDir);
    undo.push(() => directory.close());
    const guard = await startGuard({ directory: dataDir });
    undo.push(() => guard.close());
    const cacheDir = cacheDirectory(process.env);
    const cliPath = await findTemporalCli({ env: process.env, cacheDir, log });

    const postgres = startEmbeddedPostgres({
      ...{ directory, guard, cacheDir, log },
      ...{ durable: false, createDatabases: true },
    }).then(async (server) => {
      undo.push(() => server.stop());
      await prepareTemplate(server.url);
      return server;
    });
    const temporal = startEmbeddedTemporal({
      ...{ cliPath, dataDir, guard, log },
      ...{ persistent: false, searchAttributes: { TenantId: 'Keyword' } },
    }).then((server) => {
      undo.push(() => server.stop());
      return server;
    });
    await Promise.allSettled([postgres, temporal]);
    return { databaseUrl: (await postgres).url, temporalAddress: (await temporal).address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function prepareTemplate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE_DATABASE}`);
  } finally {
    await client.end();
  }
  const template = new URL(databaseUrl);
  template.pathname = `/${TEMPLATE_DATABASE}`;
  await migrate(template.href);
}
