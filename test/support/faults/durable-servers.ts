import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TENANT_ID_ATTRIBUTE } from '../../../src/contracts/index.ts';
import { migrate } from '../../../src/db/migrate.ts';
import {
  cacheDirectory,
  type EmbeddedPostgres,
  type EmbeddedTemporal,
  findTemporalCli,
  openDataDirectory,
  startEmbeddedPostgres,
  startEmbeddedTemporal,
  startGuard,
} from '../../../src/embedded/index.ts';

/** Postgres and Temporal as one machine runs them: on disk, with every write as safe as in production. */
export type DurableServers = {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  killPostgres(downMs: number): Promise<void>;
  killTemporal(downMs: number): Promise<void>;
  stop(): Promise<void>;
};

const START_LIMIT_MS = 60_000;

/** Kills a process and its children in one go. Postgres's children lead sessions of their own: a group is not enough. */
const killTree = (pid: number): void => {
  const children = fs.readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const stat = fs.readFileSync(`/proc/${entry}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
  for (const victim of [pid, ...children.map(Number)]) {
    try {
      process.kill(victim, 'SIGKILL');
    } catch {
      // gone already
    }
  }
};

/** What a crash leaves behind (memory, a port) may be in the way for a moment. */
const untilStarted = async <Server>(start: () => Promise<Server>): Promise<Server> => {
  for (const endsAt = Date.now() + START_LIMIT_MS; ; await delay(200)) {
    try {
      return await start();
    } catch (error) {
      if (Date.now() > endsAt) throw error;
    }
  }
};

export const startDurableServers = async (): Promise<DurableServers> => {
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-faults-'));
    fs.chmodSync(root, 0o755);
    undo.push(() => fs.rmSync(root, { recursive: true, force: true }));
    const directory = openDataDirectory(root);
    undo.push(() => directory.close());
    const guard = await startGuard({ directory: root });
    undo.push(() => guard.close());
    const cacheDir = cacheDirectory(process.env);
    const log = () => undefined;
    const cliPath = await findTemporalCli({ env: process.env, cacheDir, log });

    const startPostgres = () => startEmbeddedPostgres({ directory, guard, cacheDir, log });
    const startTemporal = (wantedPort?: number) =>
      startEmbeddedTemporal({
        ...{ cliPath, dataDir: root, guard, log },
        ...(wantedPort !== undefined && { wantedPort }),
        searchAttributes: { [TENANT_ID_ATTRIBUTE.name]: 'Keyword' },
      });
    let postgres: EmbeddedPostgres = await startPostgres();
    undo.push(() => postgres.stop());
    let temporal: EmbeddedTemporal = await startTemporal();
    undo.push(() => temporal.stop());
    const databaseUrl = postgres.url;
    const temporalAddress = temporal.address;
    await migrate(databaseUrl);

    const pidOf = (name: string): number => {
      const records = JSON.parse(fs.readFileSync(path.join(root, 'children.json'), 'utf8')) as {
        name: string;
        pid: number;
      }[];
      const found = records.find((record) => record.name === name);
      if (!found) throw new Error(`${name} does not run`);
      return found.pid;
    };

    return {
      databaseUrl,
      temporalAddress,
      async killPostgres(downMs) {
        killTree(pidOf('postgres'));
        await postgres.exited;
        await delay(downMs);
        postgres = await untilStarted(startPostgres);
        if (postgres.url !== databaseUrl) throw new Error('Postgres came back on another port');
      },
      async killTemporal(downMs) {
        killTree(pidOf('temporal'));
        await temporal.exited;
        await delay(downMs);
        temporal = await untilStarted(() => startTemporal(Number(temporalAddress.split(':')[1])));
        if (temporal.address !== temporalAddress) throw new Error('Temporal came back on another port');
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
