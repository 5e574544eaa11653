import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, NODE_ENVIRONMENT, NODE_FLAGS } from '../../src/embedded/index.ts';
import { type Administrator, createAdministrator } from '../../tools/administrator/administrator.ts';
import {
  type GoogleStandIn,
  type SeededWorld,
  startGoogleStandIn,
  type WorldSeed,
} from '../../tools/google-stand-in/index.ts';
import { createTestDatabase } from './database.ts';
import { startOwnTemporal } from './own-temporal.ts';

const DIST = path.resolve(import.meta.dirname, '../../dist');
const NO_GOOGLE = path.join(import.meta.dirname, 'no-google.mjs');

export type Program = { readonly process: ChildProcess; kill(): Promise<void>; stop(): Promise<void> };

export type Product = {
  readonly google: GoogleStandIn;
  readonly world: SeededWorld;
  /** Where the first server answers. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Everything the processes printed. */
  output(): string;
  readonly servers: Program[];
  readonly workers: Program[];
  startServer(port?: number): Promise<Program>;
  startWorker(): Promise<Program>;
  readonly administrator: Administrator;
  /** A tenant that is connected and may be synchronized. */
  connectedTenant(mode?: 'manual' | 'automatic'): Promise<string>;
  close(): Promise<void>;
};

export type ProductOptions = {
  seed?: Omit<WorldSeed, 'redirectUris'>;
  servers?: number;
  workers?: number;
};

const ADMIN = { email: 'root@pbx.example', password: 'correct horse battery' };

/** The product as an operator runs it in the split form: processes of their own, a database, a Temporal, a Google. */
export const startProduct = async ({ seed, servers = 1, workers = 1 }: ProductOptions = {}): Promise<Product> => {
  const undo: (() => unknown)[] = [];
  const close = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const database = await createTestDatabase();
    undo.push(() => database.drop());
    const temporal = await startOwnTemporal();
    undo.push(() => temporal.stop());
    const google = await startGoogleStandIn({ strict: 'sampled' });
    undo.push(() => google.close());
    const firstPort = await freePort('127.0.0.1');
    const url = `http://localhost:${firstPort}`;
    const world = await google.control.seed({ ...seed, redirectUris: [`${url}/google/callback`] });
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-product-'));
    undo.push(() => fs.rmSync(dataDir, { recursive: true, force: true }));

    const token = randomBytes(24).toString('hex');
    const env = {
      ...NODE_ENVIRONMENT,
      PATH: process.env.PATH ?? '',
      HOME: dataDir,
      DATA_DIR: dataDir,
      PUBLIC_URL: url,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      GOOGLE_URL: google.url,
      BOOTSTRAP_ADMIN_EMAIL: ADMIN.email,
      BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
      BOOTSTRAP_API_TOKEN: token,
      LOG_LEVEL: 'info',
    };
    let output = '';
    const urls = new Set<string>();

    const start = async (name: 'server' | 'worker', extra: Record<string, string>): Promise<Program> => {
      const child = spawn(process.execPath, [...NODE_FLAGS, '--import', NO_GOOGLE, path.join(DIST, `${name}.js`)], {
        env: { ...env, ...extra },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      const collect = (chunk: Buffer) => {
        output += chunk;
      };
      child.stdout?.on('data', collect);
      child.stderr?.on('data', collect);
      const exited = once(child, 'exit');
      const end = async (signal: NodeJS.Signals) => {
        if (child.exitCode === null && child.signalCode === null) child.kill(signal);
        await exited;
      };
      undo.push(() => end('SIGTERM'));
      await Promise.race([
        once(child, 'message'),
        exited.then(() => {
          throw new Error(`${name} ended before it was ready:\n${output}`);
        }),
      ]);
      return { process: child, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
    };

    const product: Product = {
      google,
      world,
      url,
      databaseUrl: database.url,
      temporalAddress: temporal.address,
      output: () => output,
      servers: [],
      workers: [],
      async startWorker() {
        const worker = await start('worker', {});
        product.workers.push(worker);
        return worker;
      },
      async startServer(port) {
        const at = port ?? (await freePort('127.0.0.1'));
        const server = await start('server', { PORT: String(at), HOST: '127.0.0.1' });
        urls.add(`http://127.0.0.1:${at}`);
        product.servers.push(server);
        return server;
      },
      administrator: createAdministrator({ ...ADMIN, urls: () => [...urls], apiToken: token }),
      async connectedTenant(mode = 'manual') {
        const [company] = world.companies;
        if (!company) throw new Error('nobody to connect to');
        const { administrator } = product;
        const tenantId = await administrator.createTenant('Acme', `${randomBytes(6).toString('hex')}.example`);
        await administrator.saveCredentials(tenantId, company);
        await administrator.authorize(tenantId, company);
        await administrator.chooseMode(tenantId, mode);
        return tenantId;
      },
      close,
    };
    for (let i = 0; i < servers; i++) await product.startServer(i === 0 ? firstPort : undefined);
    for (let i = 0; i < workers; i++) await product.startWorker();
    return product;
  } catch (error) {
    await close();
    throw error;
  }
};
