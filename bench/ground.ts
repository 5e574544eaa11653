import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {
  cacheDirectory,
  freePort,
  openDataDirectory,
  startEmbeddedPostgres,
  startGuard,
} from '../src/embedded/index.ts';
import { type Administrator, createAdministrator } from '../tools/administrator/administrator.ts';
import { type CompanySeed, type Control, createControl, type SeededCompany } from '../tools/google-stand-in/index.ts';

import { type Figures, openFigures } from './figures.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

export type Ground = {
  readonly google: string;
  readonly companies: readonly SeededCompany[];
  readonly control: Control;
  /** A database of their own for the plain scripts, on the product's server. */
  readonly plainDatabaseUrl: string;
  readonly administrator: Administrator;
  readonly figures: Figures;
  /** Requests that Google has answered so far: for lists of people, for photos. */
  requests(): Promise<{ listings: number; photos: number }>;
  /** The most memory the worker ever held, in megabytes; undefined where the system does not tell. */
  workerPeakMb(): number | undefined;
  close(): Promise<void>;
};

const ready = async (child: ChildProcess, what: string): Promise<unknown> => {
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`${what} ended before it was ready`);
    }),
  ]);
  return message;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
};

/** Google, a database that writes durably, and the product as it is run: each in processes of its own. */
export const prepareGround = async (seed: readonly CompanySeed[]): Promise<Ground> => {
  const undo: (() => unknown)[] = [];
  const close = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-bench-'));
    fs.chmodSync(root, 0o755);
    undo.push(() => fs.rmSync(root, { recursive: true, force: true }));
    const log = () => undefined;

    const googleProcess = spawn(
      process.execPath,
      [path.join(ROOT, 'tools/google-stand-in/main.ts'), '--port', '0', '--strict', 'off'],
      { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    );
    undo.push(() => stop(googleProcess));
    const { url: google } = (await ready(googleProcess, 'Google')) as { url: string };
    const control = createControl(google);
    const port = await freePort('127.0.0.1');
    const publicUrl = `http://localhost:${port}`;
    const { companies } = await control.seed({
      companies: [...seed],
      redirectUris: [`${publicUrl}/google/callback`],
    });

    const directory = openDataDirectory(path.join(root, 'postgres'));
    undo.push(() => directory.close());
    const guard = await startGuard({ directory: directory.path });
    undo.push(() => guard.close());
    const cacheDir = cacheDirectory(process.env);
    const postgres = await startEmbeddedPostgres({ directory, guard, cacheDir, log, createDatabases: true });
    undo.push(() => postgres.stop());
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('create database plain');
    await client.end();
    const plain = new URL(postgres.url);
    plain.pathname = '/plain';

    const dataDir = path.join(root, 'product');
    const account = { email: 'root@pbx.example', password: randomBytes(12).toString('hex') };
    const apiToken = randomBytes(24).toString('hex');
    const product = spawn(process.execPath, [path.join(ROOT, 'dist/main.js')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        DATABASE_URL: postgres.url,
        ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
        GOOGLE_URL: google,
        PORT: String(port),
        BOOTSTRAP_ADMIN_EMAIL: account.email,
        BOOTSTRAP_ADMIN_PASSWORD: account.password,
        BOOTSTRAP_API_TOKEN: apiToken,
        LOG_LEVEL: 'warn',
      },
    });
    undo.push(() => stop(product));
    await ready(product, 'the product');

    const figures = await openFigures(postgres.url);
    undo.push(() => figures.close());

    return {
      google,
      companies,
      control,
      figures,
      plainDatabaseUrl: plain.href,
      administrator: createAdministrator({ ...account, urls: () => [publicUrl], apiToken }),
      async requests() {
        const counts = Object.entries((await control.requestCounts()) as Record<string, number>);
        const of = (end: string) =>
          counts.filter(([route]) => route.endsWith(end)).reduce((sum, [, count]) => sum + count, 0);
        return { listings: of('/admin/directory/v1/users'), photos: of('/photos/thumbnail') };
      },
      workerPeakMb() {
        const children = JSON.parse(fs.readFileSync(path.join(dataDir, 'children.json'), 'utf8')) as {
          name: string;
          pid: number;
        }[];
        const pid = children.find(({ name }) => name === 'worker')?.pid;
        const status = `/proc/${pid}/status`;
        if (!fs.existsSync(status)) return undefined;
        return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(status, 'utf8'))?.[1]) / 1024);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
