import { randomBytes } from 'node:crypto';
import {
  type Authorization,
  type AuthorizationDependencies,
  type AuthorizationWorkflows,
  createAuthorization,
} from '../../src/authorization/index.ts';
import type { Clock } from '../../src/clock.ts';
import type { EncryptionKey, GoogleEndpoints } from '../../src/config.ts';
import { createSecrets } from '../../src/db/encryption.ts';
import type { Orm } from '../../src/db/orm.ts';
import { createCustomerReader } from '../../src/google/customer.ts';
import { createGoogleOAuth } from '../../src/google/oauth.ts';

/** Nobody listens there. */
const NO_GOOGLE = 'http://127.0.0.1:9';

export const endpointsAt = (url: string): GoogleEndpoints => ({
  accounts: url,
  oauth: url,
  apis: url,
  openid: url,
  admin: url,
  gmail: url,
  people: url,
  images: url,
});

export type InLineOptions = {
  orm: Orm;
  clock: Clock;
  publicUrl: string;
  googleUrl?: string;
  keys?: readonly EncryptionKey[];
  /** Told what workflows and other features were told. */
  tell?: (what: string) => void;
  change?: Partial<AuthorizationDependencies>;
};

/** The authorization feature with the steps of its workflows run in line. */
export const createInLineAuthorization = (options: InLineOptions): Authorization => {
  const { orm, clock, publicUrl, googleUrl = NO_GOOGLE, tell = () => undefined, change } = options;
  const endpoints = endpointsAt(googleUrl);
  const workflows: AuthorizationWorkflows = {
    async begin(integration, request) {
      const { expiresInMs: _dropped, ...started } = await authorization.createRequest({ ...integration, ...request });
      return started;
    },
    async complete(integration, { requestId }) {
      const outcome = await authorization.completeRequest({ tenantId: integration.tenantId, requestId });
      if (outcome.state === 'authorized') await authorization.announceGrant(integration);
      return outcome;
    },
    cancel: async ({ tenantId }) => tell(`cancel ${tenantId}`),
    tokenChanged: async ({ tenantId }) => tell(`tokenChanged ${tenantId}`),
  };
  const authorization = createAuthorization({
    orm,
    clock,
    secrets: createSecrets(options.keys ?? [{ id: 'test', key: randomBytes(32) }]),
    oauth: createGoogleOAuth(endpoints, { timeoutMs: 5_000 }),
    readCustomerId: createCustomerReader(endpoints),
    origins: { publicUrl, sbcUrl: undefined },
    workflows,
    resumeWaitingWork: async (tenantId) => tell(`resume ${tenantId}`),
    wantedFeatures: async () => [],
    releaseAtGoogle: async (tenantId) => tell(`release ${tenantId}`),
    connectedData: {
      count: async () => ({ bindings: 3, syncMode: 'automatic' }),
      drop: async (_em, tenantId) => tell(`drop ${tenantId}`),
    },
    ...change,
  });
  return authorization;
};
