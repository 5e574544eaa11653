import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../src/embedded/index.ts';
import {
  type GoogleStandIn,
  type SeededWorld,
  startGoogleStandIn,
  type WorldSeed,
} from '../../tools/google-stand-in/index.ts';
import { walkConsent } from '../../tools/google-stand-in/walk-consent.ts';
import { type BrowserSession, openBrowserSession } from './browser-session.ts';
import { createTestDatabase } from './database.ts';
import { startOwnTemporal } from './own-temporal.ts';

const DIST = path.resolve(import.meta.dirname, '../../dist');

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
  /** JSON over the API with the bootstrap token, at whichever server answers. */
  api<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<ApiAnswer<T>>;
  createTenant(name?: string): Promise<string>;
  signIn(): Promise<BrowserSession>;
  /** Credentials, consent and all: the way an administrator goes. */
  connect(tenantId: string): Promise<void>;
  close(): Promise<void>;
};

export type ApiAnswer<T> = { status: number; body: T; headers: Headers };

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
      const child = spawn(process.execPath, [path.join(DIST, `${name}.js`)], {
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
      async api<T>(method: string, route: string, body?: unknown, headers: Record<string, string> = {}) {
        let failure: unknown;
        for (const base of urls) {
          try {
            const answer = await fetch(`${base}/api/v1${route}`, {
              method,
              headers: {
                authorization: `Bearer ${token}`,
                ...(body !== undefined && { 'content-type': 'application/json' }),
                ...headers,
              },
              ...(body !== undefined && { body: JSON.stringify(body) }),
            });
            const text = await answer.text();
            const isJson = answer.headers.get('content-type')?.includes('json');
            return { status: answer.status, body: (isJson ? JSON.parse(text) : text) as T, headers: answer.headers };
          } catch (error) {
            failure = error;
          }
        }
        throw failure;
      },
      async createTenant(name = 'Acme') {
        const { status, body } = await product.api<{ id: string }>('POST', '/tenants', {
          name,
          sipDomain: `${name.toLowerCase().replaceAll(/\W+/g, '-')}-${randomBytes(4).toString('hex')}.example`,
        });
        if (status !== 201) throw new Error(`The tenant was not made: ${JSON.stringify(body)}`);
        return body.id;
      },
      async signIn() {
        const browser = openBrowserSession();
        const answer = await browser.post(`${url}/sign-in`, ADMIN);
        if (answer.status !== 303) throw new Error(`Signing in answered ${answer.status}`);
        return browser;
      },
      async connect(tenantId) {
        const [company] = world.companies;
        if (!company) throw new Error('Nobody to connect to');
        const base = `/tenants/${tenantId}/google-workspace`;
        const view = await product.api('GET', base);
        const { clientId, clientSecret } = company.client;
        const ifMatch = { 'if-match': view.headers.get('etag') ?? '' };
        const saved = await product.api('PUT', `${base}/credentials`, { clientId, clientSecret }, ifMatch);
        if (saved.status !== 200) throw new Error(`Credentials: ${JSON.stringify(saved.body)}`);
        const begun = await product.api<{ authorizationUrl: string }>('POST', `${base}/authorization`, {});
        if (begun.status >= 300) throw new Error(`Authorization: ${JSON.stringify(begun.body)}`);
        const browser = await product.signIn();
        const start = await browser.get(begun.body.authorizationUrl);
        const consent = await walkConsent(start.headers.get('location') ?? '', { email: company.admin.email });
        if (consent.kind !== 'callback') throw new Error(`Google showed an error: ${consent.error}`);
        const callback = await browser.get(consent.url.href);
        const after = await product.api<{ state: string }>('GET', base);
        if (after.body.state !== 'active') {
          throw new Error(`Not connected (${callback.status}): ${JSON.stringify(after.body)}`);
        }
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

export type RunView = {
  id: string;
  state: string;
  usersRead: number;
  pagesRead: number;
  done: number;
  total: number;
  failed: number;
  resumed: number;
  heldRemovals: number;
  counts: Record<string, number>;
  problem: { code: string; message: string } | null;
  startedAt: string;
  finishedAt: string | null;
};

export const readRun = async (product: Product, tenantId: string, runId: string): Promise<RunView> =>
  (await product.api<RunView>('GET', `/tenants/${tenantId}/user-sync/runs/${runId}`)).body;

/** Looks at a run until it is as asked for. */
export const untilRun = async (
  product: Product,
  tenantId: string,
  runId: string,
  what: string,
  holds: (run: RunView) => boolean,
  limitMs = 90_000,
): Promise<RunView> => {
  for (const endsAt = Date.now() + limitMs; ; await delay(25)) {
    const run = await readRun(product, tenantId, runId).catch(() => undefined);
    if (run && holds(run)) return run;
    if (Date.now() > endsAt)
      throw new Error(`Not within ${limitMs} ms: ${what}; the run is ${JSON.stringify(run)}\n${product.output()}`);
  }
};

export const untilEnded = (product: Product, tenantId: string, runId: string, limitMs?: number): Promise<RunView> =>
  untilRun(product, tenantId, runId, 'the end of the run', ({ finishedAt }) => finishedAt !== null, limitMs);

export type UserView = {
  id: string;
  extensionNumber: string;
  email: string;
  displayName: string;
  enabled: boolean;
  googleId: string | null;
};

/** Everybody of a tenant, over all pages. */
export const readUsers = async (product: Product, tenantId: string): Promise<UserView[]> => {
  const users: UserView[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor ? `?limit=500&cursor=${encodeURIComponent(cursor)}` : '?limit=500';
    const { body } = await product.api<{ items: UserView[]; nextCursor: string | null }>(
      'GET',
      `/tenants/${tenantId}/users${query}`,
    );
    users.push(...body.items);
    cursor = body.nextCursor;
  }
  return users;
};
