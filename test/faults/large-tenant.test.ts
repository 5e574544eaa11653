import fs from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { userSyncWorkflowId } from '../../src/contracts/index.ts';
import { type Product, readUsers, startProduct, untilEnded } from '../support/product.ts';

/** The most memory the process ever held, in megabytes (Linux). */
const peakMb = (pid: number | undefined): number => {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
};

let product: Product;
afterEach(() => product?.close());

const syncEverybody = async (people: number) => {
  product = await startProduct({ seed: { companies: [{ domain: 'acme.example', people }] } });
  const tenantId = await product.createTenant();
  await product.connect(tenantId);
  const settings = await product.api('GET', `/tenants/${tenantId}/user-sync`);
  const ifMatch = { 'if-match': settings.headers.get('etag') ?? '' };
  await product.api('PUT', `/tenants/${tenantId}/user-sync`, { mode: 'manual' }, ifMatch);
  const { body } = await product.api<{ id: string }>('POST', `/tenants/${tenantId}/user-sync/runs`, {});
  const run = await untilEnded(product, tenantId, body.id, 180_000);
  expect(run).toMatchObject({ state: 'succeeded', done: product.world.companies[0]?.active });

  const connection = await Connection.connect({ address: product.temporalAddress });
  const described = await new Client({ connection }).workflow.getHandle(userSyncWorkflowId(tenantId)).describe();
  await connection.close();
  return { tenantId, memoryMb: peakMb(product.workers[0]?.process.pid), events: described.historyLength };
};

describe('20,000 people', () => {
  test('take the memory of 5,000, and a history that 100,000 would not fill', async () => {
    const small = await syncEverybody(5_000);
    await product.close();
    const large = await syncEverybody(20_000);
    expect(await readUsers(product, large.tenantId)).toHaveLength(product.world.companies[0]?.active ?? 0);
    expect(large.memoryMb).toBeLessThan(400);
    expect(large.memoryMb).toBeLessThan(small.memoryMb * 1.3);
    expect((large.events / 20_000) * 100_000).toBeLessThan(2_000);
  }, 300_000);
});
