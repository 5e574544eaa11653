import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { UserView } from '../../tools/administrator/administrator.ts';
import { type Product, startProduct } from '../support/product.ts';

const TIMEOUT_MS = 120_000;

type RunItem = { id: string; trigger: string; partial: boolean; state: string };
type ChangeItem = { googleId: string; action: string; reason: string };

let product: Product;
let tenantId: string;

const get = async <T>(path: string): Promise<T> =>
  (await product.administrator.api<T>('GET', `/tenants/${tenantId}/user-sync/${path}`)).body;

const until = async <T>(what: string, look: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> => {
  for (const endsAt = Date.now() + limitMs; Date.now() < endsAt; await delay(100)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  throw new Error(`not within ${limitMs} ms: ${what}\n${product.output().slice(-4_000)}`);
};

const untilPushIs = (state: string) =>
  until(`push is ${state}`, async () => ((await get<{ state: string }>('push')).state === state ? state : undefined));

const untilUser = (googleId: string, what: string, holds: (user: UserView) => boolean) =>
  until(`${googleId}: ${what}`, async () => {
    const users = await product.administrator.readUsers(tenantId);
    return users.find((user) => user.googleId === googleId && holds(user));
  });

const runs = async () => (await get<{ items: RunItem[] }>('runs')).items;
const fullRun = async () => {
  const runId = await product.administrator.startRun(tenantId);
  return product.administrator.untilRun(tenantId, runId, 'its end', ({ finishedAt }) => finishedAt !== null);
};

const begin = async (channelMaxTtlSeconds?: number) => {
  product = await startProduct({ seed: { companies: [{ domain: 'acme.example', people: 40 }] } });
  if (channelMaxTtlSeconds) await product.google.control.changeSettings({ channelMaxTtlSeconds });
  tenantId = await product.connectedTenant('automatic');
  await untilPushIs('on');
  await fullRun();
};

const someone = async () => {
  const [user] = (await product.administrator.readUsers(tenantId)).filter(({ enabled }) => enabled);
  if (!user?.googleId) throw new Error('nobody is there');
  return user.googleId;
};

describe('Google tells of a change', () => {
  beforeAll(() => begin(), TIMEOUT_MS);
  afterAll(() => product?.close());

  test(
    'and the extension follows within seconds, without any run over everybody',
    async () => {
      const { control } = product.google;
      const suspended = await someone();
      await control.suspend({ person: suspended });
      await untilUser(suspended, 'disabled', ({ enabled }) => !enabled);
      await control.unsuspend({ person: suspended });
      await untilUser(suspended, 'enabled again', ({ enabled }) => enabled);
      const added = await control.addPerson({ primaryEmail: 'new@acme.example', givenName: 'New' });
      await untilUser(added.id, 'an extension', ({ extensionNumber }) => extensionNumber !== '');
      const all = await runs();
      expect(all.filter(({ partial }) => !partial)).toHaveLength(1);
      expect(all.filter(({ partial }) => partial).every(({ trigger }) => trigger === 'push')).toBe(true);
    },
    TIMEOUT_MS,
  );

  test(
    'of somebody who is gone when we look: nothing is removed until everybody is read',
    async () => {
      const { control } = product.google;
      const gone = await someone();
      await control.changePerson({ person: gone, change: { familyName: 'Leaving' } });
      await control.deletePerson({ person: gone });
      const items = await until('the row of a push run', async () => {
        const [newest] = await runs();
        const { items } = await get<{ items: ChangeItem[] }>(`runs/${newest?.id}/changes`);
        return newest?.partial && items[0]?.googleId === gone ? items : undefined;
      });
      expect(items).toMatchObject([{ action: 'skip', reason: 'left-to-full-run' }]);
      await untilUser(gone, 'still enabled', ({ enabled }) => enabled);
      await fullRun();
      await untilUser(gone, 'disabled by the full run', ({ enabled }) => !enabled);
    },
    TIMEOUT_MS,
  );

  test(
    'no more once the tenant is disconnected: no channel stays open at Google',
    async () => {
      expect(await product.google.control.channels()).toHaveLength(3);
      await product.administrator.api('POST', `/tenants/${tenantId}/google-workspace/disconnect`, {});
      expect(await product.google.control.channels()).toEqual([]);
      await untilPushIs('not-possible');
    },
    TIMEOUT_MS,
  );
});

test(
  'Google tells of a change through channels that were replaced meanwhile, over a kill -9 of the worker',
  async () => {
    try {
      await begin(12);
      const first = (await product.google.control.channels()).map(({ id }) => id);
      await product.workers[0]?.kill();
      await product.startWorker();
      await until(
        'another generation of channels',
        async () => {
          const open = await product.google.control.channels();
          return open.length >= 3 && open.every(({ id }) => !first.includes(id)) ? true : undefined;
        },
        60_000,
      );
      const suspended = await someone();
      await product.google.control.suspend({ person: suspended });
      await untilUser(suspended, 'disabled', ({ enabled }) => !enabled);
    } finally {
      await product.close();
    }
  },
  TIMEOUT_MS,
);
