import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createApp } from '../../src/api/app.ts';
import type { ApiDependencies } from '../../src/api/dependencies.ts';
import { createMetrics } from '../../src/api/metrics.ts';
import { SYSTEM_TENANT_ID } from '../../src/contracts/index.ts';
import { type Orm, openOrm } from '../../src/db/orm.ts';
import { UNPACED } from '../../src/google/index.ts';
import { createBuiltInDirectory } from '../../src/pbx/index.ts';
import { createExtensionNumbers, createPeople } from '../../src/people/index.ts';
import { createGuessLimit, createPasswordSignIn, createPortalSessions } from '../../src/sign-in/index.ts';
import {
  BOOTSTRAP_ACTOR,
  createAdministrators,
  createApiTokens,
  createAuditLog,
  createTenants,
  type Scope,
  type TenantView,
} from '../../src/tenants/index.ts';
import { createUserSync, type DirectoryAccess } from '../../src/user-sync/index.ts';
import { createTestDatabase } from './database.ts';
import { createInLineAuthorization } from './in-line-authorization.ts';
import { type ScriptedChannels, scriptedChannels } from './scripted-channels.ts';
import { type ScriptedDirectory, scriptedDirectory } from './scripted-directory.ts';
import { scriptedGroups } from './scripted-groups.ts';
import { scriptedPhotos } from './scripted-photos.ts';
import { type ScriptedSchedules, scriptedSchedules } from './scripted-schedules.ts';
import { type ScriptedSearch, scriptedSearch } from './scripted-search.ts';

export const PUBLIC_URL = 'http://portal.test';
export const SESSION_COOKIE = 'pgw-session';

export type ApiAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape.
  readonly body: any;
};

export type ApiRequest = {
  method?: string;
  token?: string;
  cookie?: string;
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
};

export type ApiWorld = {
  readonly orm: Orm;
  readonly dependencies: ApiDependencies;
  readonly app: ReturnType<typeof createApp>;
  readonly systemToken: string;
  /** Settable: what the product takes for the present. */
  readonly now: { value: Date };
  /** Lines of the log, parsed. */
  readonly logged: Record<string, unknown>[];
  /** Settable: what ends outside the rows when a tenant is deleted. */
  readonly channels: ScriptedChannels;
  readonly released: { run: (tenantId: string) => Promise<void> };
  readonly schedules: ScriptedSchedules;
  readonly directory: ScriptedDirectory;
  readonly search: ScriptedSearch;
  /** Settable: what Google lets user sync read. */
  readonly access: { -readonly [Key in keyof DirectoryAccess]: DirectoryAccess[Key] };
  request(path: string, request?: ApiRequest): Promise<ApiAnswer>;
  newTenant(name?: string): Promise<TenantView>;
  newToken(tenantId?: string, ...scopes: Scope[]): Promise<string>;
  newAdministrator(tenantId?: string): Promise<{ id: string; email: string; password: string }>;
  /** Signs in as a browser would and answers the cookie. */
  signIn(who: { email: string; password: string; domain?: string }): Promise<string>;
  close(): Promise<void>;
};

const asBrowser = { 'sec-fetch-site': 'same-origin', accept: 'text/html' };

/** The cookie that an answer sets, as a browser would send it back. */
export const cookieOf = (answer: { headers: Headers }): string =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

/** The whole HTTP app on a database of its own, or of somebody who drops it; nothing listens on a port. */
export const createApiWorld = async (
  change: Partial<ApiDependencies> = {},
  google: { googleUrl?: string; tell?: (what: string) => void } = {},
  databaseUrl?: string,
): Promise<ApiWorld> => {
  const database = databaseUrl ? { url: databaseUrl, drop: async () => undefined } : await createTestDatabase();
  const orm = await openOrm({ databaseUrl: database.url, maxConnections: 5 });
  const now = { value: new Date() };
  const clock = () => now.value;
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(JSON.parse(line)) });
  const released = { run: async (_tenantId: string) => undefined as undefined };
  const schedules = scriptedSchedules();
  const pbxOf = (tenantId: string) => createBuiltInDirectory(orm, tenantId);
  const sessions = createPortalSessions({ orm, clock });
  const apiTokens = createApiTokens({ orm, clock });
  const administrators = createAdministrators({ orm, clock });
  const tenants = createTenants({ orm, clock, releaseTenant: (tenantId) => released.run(tenantId) });
  const channels = scriptedChannels(clock);
  const directory = scriptedDirectory([], 5);
  const search = scriptedSearch(directory);
  const access: DirectoryAccess = {
    getAccessToken: async () => 'access-token',
    forgetAccessToken: async () => undefined,
    requireReady: async () => undefined,
    getCustomerId: async () => undefined,
  };
  const userSync = createUserSync({
    orm,
    clock,
    pbxOf,
    directory,
    groups: scriptedGroups(),
    search,
    access: {
      ...access,
      getAccessToken: (tenantId, need) => access.getAccessToken(tenantId, need),
    },
    photos: scriptedPhotos(),
    googlePace: UNPACED,
    starter: { requestRun: async () => undefined, cancelRun: async () => undefined },
    schedules,
    onScheduleFailed: () => undefined,
    push: {
      channels,
      keeper: { look: async () => undefined },
      address: { publicUrl: 'https://pbx.example.com', googleIsHere: false },
      onKeeperFailed: () => undefined,
    },
    removals: { applyRemovals: async () => undefined },
    firstExtensionOf: async () => 1000,
    onStartFailed: () => undefined,
  });
  const dependencies: ApiDependencies = {
    tenants,
    administrators,
    apiTokens,
    auditLog: createAuditLog({ orm }),
    sessions,
    signInWithPassword: createPasswordSignIn({ orm, sessions, guessLimit: createGuessLimit(orm) }),
    people: createPeople({ orm, clock, pbxOf, keepNumber: userSync.keepNumber }),
    extensionNumbers: createExtensionNumbers({ orm, clock }),
    userSync,
    authorization: createInLineAuthorization({ orm, clock, publicUrl: change.publicUrl ?? PUBLIC_URL, ...google }),
    readiness: { database: async () => undefined, temporal: async () => undefined },
    metrics: createMetrics({ withProcessMetrics: false }),
    log,
    clientAddress: (c) => c.req.header('x-test-address') ?? '192.0.2.1',
    publicUrl: PUBLIC_URL,
    sbcUrl: undefined,
    formTargets: ['https://accounts.google.test'],
    ...change,
  };
  const app = createApp(dependencies);

  const request: ApiWorld['request'] = async (path, { method, token, cookie, json, form, headers } = {}) => {
    const init: RequestInit = {
      method: method ?? (json !== undefined || form ? 'POST' : 'GET'),
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(cookie && { cookie }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form && { body: new URLSearchParams(form) }),
    };
    const response = await app.request(path, init);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
    };
  };

  const newToken: ApiWorld['newToken'] = async (tenantId = SYSTEM_TENANT_ID, ...scopes) => {
    const input = { name: 'A test', scopes: scopes.length > 0 ? scopes : (['admin'] as Scope[]) };
    return (await apiTokens.create(BOOTSTRAP_ACTOR, tenantId, input)).token;
  };

  return {
    orm,
    dependencies,
    app,
    now,
    logged,
    channels,
    released,
    schedules,
    directory,
    search,
    access,
    request,
    newToken,
    systemToken: await newToken(),
    newTenant: (name = 'Acme') =>
      tenants.create(BOOTSTRAP_ACTOR, {
        name,
        sipDomain: `${randomUUID()}.example`,
        timeZone: 'Europe/Berlin',
        firstExtension: 1000,
        extensionLimit: null,
      }),
    async newAdministrator(tenantId = SYSTEM_TENANT_ID) {
      const email = `ada-${randomUUID()}@example.com`;
      const password = 'correct horse battery';
      const { id } = await administrators.create(BOOTSTRAP_ACTOR, tenantId, { email, displayName: 'Ada', password });
      return { id, email, password };
    },
    async signIn({ email, password, domain = '' }) {
      const answer = await request('/sign-in', { form: { email, password, domain }, headers: asBrowser });
      if (answer.status !== 303) throw new Error(`Sign-in answered ${answer.status}: ${answer.text}`);
      return cookieOf(answer);
    },
    async close() {
      await orm.close(true);
      await database.drop();
    },
  };
};
