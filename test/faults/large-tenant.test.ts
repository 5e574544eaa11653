import fs from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { userSyncWorkflowId } from '../../src/contracts/index.ts';
import { type Product, startProduct } from '../support/product.ts';

/** The most memory the process ever held, in megabytes (Linux). */
const peakMb = (pid: number | undefined): number => {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
};

let product: Product;
afterEach(() => product?.close());

const syncEverybody = async (people: number) => {
  product = await startProduct({ seed: { companies: [{ domain: 'acme.example', people }] } });
  const { administrator } = product;
  const tenantId = await product.connectedTenant();
  const runId = await administrator.startRun(tenantId);
  const run = await administrator.untilRun(
    tenantId,
    runId,
    'the end',
    ({ finishedAt }) => finishedAt !== null,
    180_000,
  );
  expect(run).toMatchObject({ state: 'succeeded', done: product.world.companies[0]?.active });

  const connection = await Connection.connect({ address: product.temporalAddress });
  const described = await new Client({ connection }).workflow.getHandle(userSyncWorkflowId(tenantId)).describe();
  await connection.close();
  return { tenantId, memoryMb: peakMb(product.workers[0]?.process.pid), events: described.historyLength };
};

describe('40,000 people', () => {
  // Holding people would show: what 10,000 take above an idle worker (190 MB) is 100 MB, so four times that is 590 MB.
  test('take no more memory than a few pages and batches, and a history that 100,000 would not fill', async () => {
    const { tenantId, memoryMb, events } = await syncEverybody(40_000);
    expect(await product.administrator.readUsers(tenantId)).toHaveLength(product.world.companies[0]?.active ?? 0);
    expect(memoryMb).toBeLessThan(400);
    expect((events / 40_000) * 100_000).toBeLessThan(2_000);
  }, 300_000);
});
