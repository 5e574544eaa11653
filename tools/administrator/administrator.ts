import { setTimeout as delay } from 'node:timers/promises';
import { walkConsent } from '../google-stand-in/walk-consent.ts';
import { type BrowserSession, openBrowserSession } from './browser-session.ts';

export type ApiAnswer<T> = { status: number; body: T; headers: Headers };

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
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
};

export type UserView = {
  id: string;
  extensionNumber: string;
  email: string;
  displayName: string;
  enabled: boolean;
  googleId: string | null;
};

/** The OAuth client of a company, and who consents for it. */
export type Company = {
  client: { clientId: string; clientSecret: string };
  admin: { email: string };
};

export type AdministratorOptions = {
  /** Where servers answer, in the order in which they are tried. */
  urls: () => readonly string[];
  apiToken: string;
  email: string;
  password: string;
};

/**
 * What an administrator does, done by a program over HTTP: the demo, the benchmark and the tests of whole processes
 * all go this way.
 */
export const createAdministrator = ({ urls, apiToken, email, password }: AdministratorOptions) => {
  const callAt = async <T>(base: string, method: string, path: string, body?: unknown, ifMatch?: string) => {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch && { 'if-match': ifMatch }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json');
    return { status: answer.status, body: (isJson ? JSON.parse(text) : text) as T, headers: answer.headers };
  };

  /** Calls the first server that answers at all, whatever it answers. */
  const api = async <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    ifMatch?: string,
  ): Promise<ApiAnswer<T>> => {
    const failures: unknown[] = [];
    for (const base of urls()) {
      try {
        return await callAt<T>(base, method, path, body, ifMatch);
      } catch (error) {
        failures.push(error);
      }
    }
    throw new AggregateError(failures, 'no server answers');
  };

  const expectStatus = async <T>(wanted: number[], answer: Promise<ApiAnswer<T>>): Promise<ApiAnswer<T>> => {
    const { status, body, headers } = await answer;
    if (!wanted.includes(status)) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    return { status, body, headers };
  };

  /** Reads a thing and writes it with the version that was read. */
  const change = async (path: string, to: string, body: unknown): Promise<void> => {
    const read = await expectStatus([200], api('GET', path));
    await expectStatus([200], api('PUT', to, body, read.headers.get('etag') ?? undefined));
  };

  const signIn = async (): Promise<BrowserSession> => {
    const browser = openBrowserSession();
    const answer = await browser.post(`${urls()[0]}/sign-in`, { email, password });
    if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`);
    return browser;
  };

  const readRun = async (tenantId: string, runId: string): Promise<RunView> =>
    (await expectStatus([200], api<RunView>('GET', `/tenants/${tenantId}/user-sync/runs/${runId}`))).body;

  return {
    api,
    signIn,
    readRun,

    async createTenant(name: string, sipDomain: string): Promise<string> {
      return (await expectStatus([201], api<{ id: string }>('POST', '/tenants', { name, sipDomain }))).body.id;
    },

    saveCredentials: (tenantId: string, { client: { clientId, clientSecret } }: Company): Promise<void> => {
      const base = `/tenants/${tenantId}/google-workspace`;
      return change(base, `${base}/credentials`, { clientId, clientSecret });
    },

    /** *Complete the authorization*, from the button to Google's answer. */
    async authorize(tenantId: string, company: Company): Promise<void> {
      const base = `/tenants/${tenantId}/google-workspace`;
      const begun = await expectStatus(
        [200, 201, 202],
        api<{ authorizationUrl: string }>('POST', `${base}/authorization`, {}),
      );
      const browser = await signIn();
      const start = await browser.get(begun.body.authorizationUrl);
      const consent = await walkConsent(start.headers.get('location') ?? '', { email: company.admin.email });
      if (consent.kind !== 'callback') throw new Error(`Google showed an error: ${consent.error}`);
      await browser.get(consent.url.href);
      const { body } = await expectStatus([200], api<{ state: string }>('GET', base));
      if (body.state !== 'active') throw new Error(`not connected: ${JSON.stringify(body)}`);
    },

    chooseMode: (tenantId: string, mode: 'manual' | 'automatic'): Promise<void> =>
      change(`/tenants/${tenantId}/user-sync`, `/tenants/${tenantId}/user-sync`, { mode }),

    /** Settings of user sync other than the mode. */
    changeSettings: (tenantId: string, settings: Record<string, unknown>): Promise<void> =>
      change(`/tenants/${tenantId}/user-sync`, `/tenants/${tenantId}/user-sync`, settings),

    async startRun(tenantId: string, request: { dryRun?: boolean; applyPlanOf?: string } = {}): Promise<string> {
      const answer = api<{ id: string }>('POST', `/tenants/${tenantId}/user-sync/runs`, request);
      return (await expectStatus([200, 202], answer)).body.id;
    },

    /** Looks at a run until it is as asked for. */
    async untilRun(
      tenantId: string,
      runId: string,
      what: string,
      holds: (run: RunView) => boolean,
      limitMs = 90_000,
    ): Promise<RunView> {
      for (const endsAt = Date.now() + limitMs; ; await delay(25)) {
        const run = await readRun(tenantId, runId).catch(() => undefined);
        if (run && holds(run)) return run;
        if (Date.now() > endsAt)
          throw new Error(`not within ${limitMs} ms: ${what}; the run is ${JSON.stringify(run)}`);
      }
    },

    /** Everybody of a tenant, over all pages. */
    async readUsers(tenantId: string): Promise<UserView[]> {
      const users: UserView[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const query: string = cursor ? `?limit=500&cursor=${encodeURIComponent(cursor)}` : '?limit=500';
        const { body }: ApiAnswer<{ items: UserView[]; nextCursor: string | null }> = await expectStatus(
          [200],
          api('GET', `/tenants/${tenantId}/users${query}`),
        );
        users.push(...body.items);
        cursor = body.nextCursor;
      }
      return users;
    },
  };
};

export type Administrator = ReturnType<typeof createAdministrator>;
