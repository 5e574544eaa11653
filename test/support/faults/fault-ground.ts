import { randomBytes } from 'node:crypto';
import { freePort, NODE_ENVIRONMENT } from '../../../src/embedded/index.ts';
import { type Administrator, createAdministrator } from '../../../tools/administrator/administrator.ts';
import { type GoogleStandIn, type SeededCompany, startGoogleStandIn } from '../../../tools/google-stand-in/index.ts';
import { startDurableServers } from './durable-servers.ts';
import { type KeptProcess, keepProcess } from './kept-process.ts';

export const VICTIMS = ['worker', 'server', 'temporal', 'postgres'] as const;
export type Victim = (typeof VICTIMS)[number];

/** The whole product as real processes that may be killed at any moment, on servers that write durably. */
export type FaultGround = {
  readonly google: GoogleStandIn;
  readonly company: SeededCompany;
  readonly administrator: Administrator;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly worker: KeptProcess;
  readonly server: KeptProcess;
  /** Kills it; settles when it is up again. Postgres and Temporal stay down for `downMs`. */
  kill(victim: Victim, downMs: number): Promise<void>;
  /** A tenant that is connected and may be synchronized. */
  connectedTenant(mode?: 'manual' | 'automatic'): Promise<string>;
  close(): Promise<void>;
};

export type FaultGroundOptions = {
  readonly people: number;
  /** Most people in one answer of Google. */
  readonly largestPage: number;
};

const ADMIN = { email: 'root@pbx.example', password: 'correct horse battery' };

export const startFaultGround = async ({ people, largestPage }: FaultGroundOptions): Promise<FaultGround> => {
  const undo: (() => unknown)[] = [];
  const close = async () => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    const servers = await startDurableServers();
    undo.push(() => servers.stop());
    const google = await startGoogleStandIn({ strict: 'sampled' });
    undo.push(() => google.close());
    const port = await freePort('127.0.0.1');
    const url = `http://localhost:${port}`;
    const { companies } = await google.control.seed({
      companies: [{ domain: 'acme.example', secondaryDomain: 'acme-labs.example', people, photoShare: 0.02 }],
      redirectUris: [`${url}/google/callback`],
    });
    const [company] = companies;
    if (!company) throw new Error('Google has no company');
    await google.control.changeSettings({ largestPage });

    const apiToken = randomBytes(24).toString('hex');
    const env = {
      ...NODE_ENVIRONMENT,
      PATH: process.env.PATH ?? '',
      PUBLIC_URL: url,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: servers.databaseUrl,
      TEMPORAL_ADDRESS: servers.temporalAddress,
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      GOOGLE_URL: google.url,
      BOOTSTRAP_ADMIN_EMAIL: ADMIN.email,
      BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
      BOOTSTRAP_API_TOKEN: apiToken,
      LOG_LEVEL: 'warn',
    };
    const server = keepProcess('server', env);
    undo.push(() => server.stop());
    const worker = keepProcess('worker', env);
    undo.push(() => worker.stop());
    await Promise.all([server.ready(), worker.ready()]);
    const administrator = createAdministrator({ ...ADMIN, urls: () => [`http://127.0.0.1:${port}`], apiToken });

    return {
      google,
      company,
      administrator,
      databaseUrl: servers.databaseUrl,
      temporalAddress: servers.temporalAddress,
      worker,
      server,
      async kill(victim, downMs) {
        switch (victim) {
          case 'worker':
            return worker.kill();
          case 'server':
            return server.kill();
          case 'temporal':
            return servers.killTemporal(downMs);
          case 'postgres':
            return servers.killPostgres(downMs);
        }
      },
      async connectedTenant(mode = 'manual') {
        const tenantId = await administrator.createTenant('Acme', `${randomBytes(6).toString('hex')}.example`);
        await administrator.saveCredentials(tenantId, company);
        await administrator.authorize(tenantId, company);
        await administrator.chooseMode(tenantId, mode);
        return tenantId;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
