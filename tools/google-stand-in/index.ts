import type { AddressInfo } from 'node:net';
import { type Control, createControl } from './control/control-client.ts';
import { createGoogleServer } from './server.ts';
import { createWorld, type Strictness } from './world.ts';

export type { RefreshTokenEnd, TokenFilter } from './control/actions.ts';
export { type Control, createControl } from './control/control-client.ts';
export type { NewPerson, PersonChange } from './directory/person.ts';
export type { Delivery } from './directory/push-channels.ts';
export type { Fault } from './faults.ts';
export type { SentMail } from './gmail/mailbox.ts';
export type { NewOAuthClient, OAuthClient } from './oauth/clients.ts';
export type { LoggedRequest, RequestFilter } from './request-log.ts';
export type { CompanySeed, SeededCompany, SeededWorld, WorldSeed } from './seed/seed.ts';
export type { Violation } from './violations.ts';
export { type ConsentAnswers, type ConsentOutcome, walkConsent } from './walk-consent.ts';
export type { Strictness } from './world.ts';

export type StandInOptions = {
  /** 0 takes a free port. */
  port?: number;
  /** Where Google's discovery documents lie; the ones beside this file by default. */
  discoveryDir?: string;
  /** How thoroughly answers are compared with Google's schemas: `full` in tests, `off` in benchmarks. */
  strict?: Strictness;
  /** Milliseconds since the epoch. */
  clock?: () => number;
};

export type GoogleStandIn = { url: string; control: Control; close(): Promise<void> };

/** Starts Google on loopback, empty: `control.seed()` fills it. */
export async function startGoogleStandIn({ port = 0, ...options }: StandInOptions = {}): Promise<GoogleStandIn> {
  const world = createWorld(options);
  const server = createGoogleServer(world);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  world.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: world.origin,
    control: createControl(world.origin),
    async close() {
      world.push.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
