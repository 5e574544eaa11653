import { randomInt } from 'node:crypto';
import { type Discovery, loadDiscovery } from './api/discovery.ts';
import { createClock } from './clock.ts';
import { type Company, createCompany } from './directory/company.ts';
import { createDirectory } from './directory/directory.ts';
import { createPageTokens } from './directory/page-tokens.ts';
import type { Person } from './directory/person.ts';
import { createPushChannels } from './directory/push-channels.ts';
import { createFaults } from './faults.ts';
import { createMailbox } from './gmail/mailbox.ts';
import type { Request } from './http/exchange.ts';
import type { AuthorizationRequest } from './oauth/authorization-request.ts';
import type { OAuthClient } from './oauth/clients.ts';
import { createGrants } from './oauth/grants.ts';
import { createSigningKeys } from './oauth/signing-keys.ts';
import { createRequestLog } from './request-log.ts';
import { createViolations } from './violations.ts';

/** How thoroughly answers are compared with Google's schemas. Requests are always checked. */
export type Strictness = 'full' | 'sampled' | 'off';

export type WorldOptions = { clock?: () => number; discoveryDir?: string; strict?: Strictness };

const ordinarySettings = {
  issuer: 'https://accounts.google.com',
  accessTokenLifetimeSeconds: 3599,
  /** Google may answer with fewer people than a page was asked for; so many at most. */
  largestPage: 500,
  /** How long clients may keep the certificates. */
  certificatesMaxAgeSeconds: 22_000,
  /** Longest life of a push channel. */
  channelMaxTtlSeconds: 21_600,
  /** First wait before a notification that was answered 500, 502, 503 or 504 is sent again. */
  notificationRetryMs: 1_000,
  /** Administrators resell the other companies: they may read those people too, one by one. */
  administratorsResell: false,
};

export type Settings = typeof ordinarySettings;

/** Everything the stand-in knows. Handlers take it as their first argument; nothing is kept outside. */
export function createWorld(options: WorldOptions = {}) {
  const clock = createClock(options.clock);
  const discovery: Discovery = loadDiscovery(options.discoveryDir);
  const now = () => clock.now();
  const violations = createViolations();
  const companies = new Map<string, Company>();
  const push = createPushChannels({ now, retryMs: () => world.settings.notificationRetryMs });
  const consumers = createDirectory(undefined, () => {});

  const world = {
    clock,
    discovery,
    strict: options.strict ?? 'full',
    violations,
    log: createRequestLog(now),
    faults: createFaults(),
    settings: { ...ordinarySettings },
    keys: createSigningKeys(clock),
    grants: createGrants(clock),
    clients: new Map<string, OAuthClient>(),
    authorizations: new Map<string, AuthorizationRequest>(),
    pageTokens: createPageTokens(now),
    mailbox: createMailbox(now),
    push,
    companies,
    consumers,
    /** API ids (`admin`, `gmail`, `people`) that no project has enabled. */
    disabledApis: new Set<string>(),
    /** Set once the server listens. */
    origin: '',

    addCompany(given: { name: string; domain: string; secondaryDomains: string[]; customerId: string }): Company {
      const company = createCompany(given, (event, person) => push.changed(given.customerId, event, person));
      companies.set(company.customerId, company);
      return company;
    },
    companyOf: (person: Person): Company | undefined => companies.get(person.customerId ?? ''),
    companyOfDomain(domain: string): Company | undefined {
      for (const company of companies.values()) if (company.domains.includes(domain.toLowerCase())) return company;
      return undefined;
    },
    /** A living account by id or any of its addresses. */
    person(key: string): Person | undefined {
      for (const company of companies.values()) {
        const found = company.directory.find(key);
        if (found) return found;
      }
      return consumers.find(key);
    },
    newPersonId: (): string =>
      `1${String(randomInt(10 ** 10)).padStart(10, '0')}${String(randomInt(10 ** 10)).padStart(10, '0')}`,

    newGroupId: (): string =>
      `0${randomInt(36 ** 8)
        .toString(36)
        .padStart(9, '0')}x${randomInt(36 ** 4)
        .toString(36)
        .padStart(4, '0')}`,

    violate(side: 'request' | 'response', request: Request, problem: string): void {
      violations.add({ side, method: request.method, path: request.path, problem });
    },

    reset(): void {
      for (const store of [companies, world.clients, world.authorizations, world.disabledApis]) store.clear();
      for (const person of [...consumers.people()]) consumers.delete(person, '');
      for (const part of [world.grants, world.pageTokens, push, world.mailbox]) part.reset();
      for (const part of [violations, world.log, world.faults]) part.clear();
      Object.assign(world.settings, ordinarySettings);
      clock.skewMs = 0;
    },
  };
  return world;
}

export type World = ReturnType<typeof createWorld>;
