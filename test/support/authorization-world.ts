import { randomBytes, randomUUID } from 'node:crypto';
import type {
  Authorization,
  AuthorizationDependencies,
  AuthorizationDurations,
} from '../../src/authorization/index.ts';
import { TenantEntity } from '../../src/db/entities/index.ts';
import { type Orm, openOrm } from '../../src/db/orm.ts';
import { type Actor, BOOTSTRAP_ACTOR } from '../../src/tenants/index.ts';
import {
  type ConsentAnswers,
  type GoogleStandIn,
  startGoogleStandIn,
  walkConsent,
} from '../../tools/google-stand-in/index.ts';
import { createTestDatabase } from './database.ts';
import { createInLineAuthorization } from './in-line-authorization.ts';

export const PUBLIC_URL = 'http://localhost:3000';
export const REDIRECT_URI = `${PUBLIC_URL}/google/callback`;

type Seeded = Awaited<ReturnType<GoogleStandIn['control']['seed']>>;

export type AuthorizationWorldOptions = { durations?: Partial<AuthorizationDurations> };

export type AuthorizationWorld = {
  google: GoogleStandIn;
  /** Two companies and a person of none. */
  seeded: Seeded;
  orm: Orm;
  databaseUrl: string;
  tenantId: string;
  authorization: Authorization;
  /** Who acts in the tests: the system. */
  actor: Actor;
  now: { value: Date };
  /** What was told to workflows and other features, by name. */
  told: string[];
  /** The feature over a pool of its own, as in another process. */
  another(change?: Partial<AuthorizationDependencies>): Promise<Authorization>;
  /** The feature over the same pool. */
  feature(change?: Partial<AuthorizationDependencies>): Authorization;
  newTenant(): Promise<string>;
  /** Saves the credentials of a company's client. */
  configure(company?: number, tenantId?: string): Promise<void>;
  /** Begins a consent and walks it up to the answer, which is not handed in. */
  walk(answers?: Partial<ConsentAnswers>, tenantId?: string): Promise<Walked>;
  /** The whole of it. */
  connect(answers?: Partial<ConsentAnswers>, tenantId?: string): ReturnType<Authorization['answer']>;
  /** Requests that reached Google's token endpoint. */
  tokenRequests(): Promise<number>;
  close(): Promise<void>;
};

export type Walked = {
  requestId: string;
  browserToken: string;
  callback: URL;
  answer: Parameters<Authorization['answer']>[0];
};

/** What a browser brings back from Google, with the cookies it has. */
export const answerFrom = (callback: URL, cookies: Record<string, string>): Walked['answer'] => {
  const { state = '', code, error, iss } = Object.fromEntries(callback.searchParams);
  return { state, code, error, iss, browserTokenFor: (requestId) => cookies[requestId] };
};

/** The authorization feature on a database of its own, against a Google of its own; workflows are run in line. */
export const createAuthorizationWorld = async (
  options: AuthorizationWorldOptions = {},
): Promise<AuthorizationWorld> => {
  const [google, database] = await Promise.all([startGoogleStandIn(), createTestDatabase()]);
  const openPool = () => openOrm({ databaseUrl: database.url, maxConnections: 5 });
  const orm = await openPool();
  const pools = [orm];
  const now = { value: new Date() };
  const told: string[] = [];
  const keys = [{ id: 'test', key: randomBytes(32) }];

  const featureOver = (pool: Orm, change: Partial<AuthorizationDependencies> = {}): Authorization =>
    createInLineAuthorization({
      orm: pool,
      clock: () => now.value,
      publicUrl: PUBLIC_URL,
      googleUrl: google.url,
      keys,
      tell: (what) => told.push(what),
      change: { ...(options.durations && { durations: options.durations }), ...change },
    });

  const newTenant = async (): Promise<string> => {
    const tenantId = randomUUID();
    await orm.em.fork().insert(TenantEntity, {
      id: tenantId,
      kind: 'customer',
      name: 'Acme',
      sipDomain: `${tenantId}.example`,
      version: 1,
    } as never);
    return tenantId;
  };

  const world: AuthorizationWorld = {
    google,
    seeded: await google.control.seed({ redirectUris: [REDIRECT_URI] }),
    orm,
    databaseUrl: database.url,
    tenantId: await newTenant(),
    authorization: featureOver(orm),
    actor: BOOTSTRAP_ACTOR,
    now,
    told,
    async another(change) {
      const pool = await openPool();
      pools.push(pool);
      return featureOver(pool, change);
    },
    feature: (change) => featureOver(orm, change),
    newTenant,
    async configure(company = 0, tenantId = world.tenantId) {
      const client = world.seeded.companies[company]?.client;
      if (!client) throw new Error('no such company');
      const { clientId, clientSecret } = client;
      await world.authorization.saveCredentials(world.actor, tenantId, { clientId, clientSecret });
    },
    async walk(answers = {}, tenantId = world.tenantId) {
      const { requestId } = await world.authorization.begin(world.actor, tenantId);
      const { googleUrl, browserToken } = await world.authorization.startConsent(world.actor, requestId);
      const email = answers.email ?? world.seeded.companies[0]?.admin.email ?? '';
      const outcome = await walkConsent(googleUrl, { ...answers, email });
      if (outcome.kind !== 'callback') throw new Error(`Google showed an error page: ${outcome.error}`);
      const answer = answerFrom(outcome.url, { [requestId]: browserToken });
      return { requestId, browserToken, callback: outcome.url, answer };
    },
    async connect(answers, tenantId) {
      return world.authorization.answer((await world.walk(answers, tenantId)).answer);
    },
    tokenRequests: async () => (await google.control.requests({ method: 'POST', pathPrefix: '/token' })).length,
    async close() {
      await Promise.all(pools.map((pool) => pool.close(true)));
      await Promise.all([google.close(), database.drop()]);
    },
  };
  return world;
};
