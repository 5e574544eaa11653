import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import pg from 'pg';
import { tokenWorkflowId, userSyncScheduleId, userSyncWorkflowId } from '../../src/contracts/index.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
afterEach(() => product?.close());

const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> => {
  const client = new pg.Client({ connectionString: product.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
};

/** Every table that has a tenant's rows, found in the database itself so that a new one is not forgotten. */
const rowsOf = async (tenantId: string): Promise<Record<string, number>> => {
  const tables = await query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'tenant_id' order by 1`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await query<{ n: number }>(`select count(*)::int as n from ${name} where tenant_id = $1`, [
        tenantId,
      ]);
      return [name, row?.n ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts.filter(([, n]) => n > 0));
};

const isRunning = async (workflowId: string): Promise<boolean> => {
  const connection = await Connection.connect({ address: product.temporalAddress });
  try {
    const { status } = await new Client({ connection }).workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING';
  } finally {
    await connection.close();
  }
};

/** Asked without opening its input, which is encrypted. */
const hasSchedule = async (tenantId: string): Promise<boolean> => {
  const connection = await Connection.connect({ address: product.temporalAddress });
  try {
    await new Client({ connection }).schedule.getHandle(userSyncScheduleId(tenantId)).pause();
    return true;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false;
    throw error;
  } finally {
    await connection.close();
  }
};

describe('a deleted tenant', () => {
  test('leaves no row, no workflow, no schedule and no token at Google', async () => {
    product = await startProduct({ seed: { companies: [{ domain: 'acme.example', people: 40 }] } });
    const { administrator } = product;
    const tenantId = await product.connectedTenant();
    const runId = await administrator.startRun(tenantId);
    await administrator.untilRun(tenantId, runId, 'the end', ({ finishedAt }) => finishedAt !== null);
    const [integration] = await query<{ id: string }>('select id from integrations where tenant_id = $1', [tenantId]);
    const token = tokenWorkflowId(integration?.id ?? '');
    expect(Object.keys(await rowsOf(tenantId))).toEqual(
      expect.arrayContaining(['bindings', 'extension_users', 'grants', 'plan_changes', 'sync_runs']),
    );
    expect(await isRunning(token)).toBe(true);
    await query(`update sync_settings set mode = 'automatic' where tenant_id = $1`, [tenantId]);
    const settings = `/tenants/${tenantId}/user-sync`;
    const version = (await administrator.api('GET', settings)).headers.get('etag') ?? undefined;
    await administrator.api('PUT', settings, { schedule: { daily: '03:00' } }, version);
    expect(await hasSchedule(tenantId)).toBe(true);

    const read = await administrator.api('GET', `/tenants/${tenantId}`);
    const ifMatch = read.headers.get('etag') ?? undefined;
    const deleted = await administrator.api('DELETE', `/tenants/${tenantId}`, undefined, ifMatch);
    expect([deleted.status, product.output().match(/^.*"level":50.*$/m)?.[0]]).toEqual([204, undefined]);

    expect(await rowsOf(tenantId)).toEqual({});
    expect(await isRunning(token)).toBe(false);
    expect(await isRunning(userSyncWorkflowId(tenantId))).toBe(false);
    expect(await hasSchedule(tenantId)).toBe(false);
    const tokens = (await product.google.control.refreshTokens()) as { alive: boolean }[];
    expect(tokens.filter(({ alive }) => alive)).toEqual([]);
    expect((await administrator.api('GET', `/tenants/${tenantId}`)).status).toBe(404);
  }, 120_000);
});
