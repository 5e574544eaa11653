import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Connection, ScheduleClient } from '@temporalio/client';
import { type EmbeddedTemporal, findTemporalCli, startEmbeddedTemporal } from '../../../src/embedded/index.ts';
import { type EmbeddedGround, enterGround } from '../../support/embedded-ground.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-temporal-'));
});

afterEach(() => fs.rmSync(dataDir, { recursive: true, force: true }));

async function withTemporal(
  work: (connection: Connection, temporal: EmbeddedTemporal, ground: EmbeddedGround) => Promise<void>,
): Promise<void> {
  const ground = await enterGround(dataDir);
  try {
    const cliPath = await findTemporalCli({ env: process.env, cacheDir: ground.cacheDir, log: ground.log });
    const temporal = await startEmbeddedTemporal({ ...ground, cliPath, searchAttributes: { TenantId: 'Keyword' } });
    const connection = await Connection.connect({ address: temporal.address });
    try {
      await work(connection, temporal, ground);
    } finally {
      await connection.close();
      await temporal.stop();
    }
  } finally {
    await ground.leave();
  }
}

test('keeps finished workflows for a month and knows the search attribute from its first moment', async () => {
  await withTemporal(async ({ workflowService, operatorService }, { namespace }) => {
    const { config } = await workflowService.describeNamespace({ namespace });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 3600);
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    expect(Object.keys(customAttributes ?? {})).toContain('TenantId');
  });
});

test('keeps a schedule through a restart', async () => {
  await withTemporal(async (connection) => {
    const schedules = new ScheduleClient({ connection });
    await schedules.create({
      scheduleId: 'nightly',
      spec: { intervals: [{ every: '1 day' }] },
      action: { type: 'startWorkflow', workflowType: 'anything', taskQueue: 'nobody-listens' },
    });
  });
  await withTemporal(async (connection) => {
    const described = await new ScheduleClient({ connection }).getHandle('nightly').describe();
    expect(described.spec.intervals?.[0]?.every).toBe(86_400_000);
  });
});

test('listens on loopback only', async () => {
  await withTemporal(async (_connection, { address }) => {
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    const [pid] = JSON.parse(fs.readFileSync(path.join(dataDir, 'children.json'), 'utf8')).map(
      (child: { pid: number }) => child.pid,
    );
    expect(listeningAddresses(pid)).toEqual(['127.0.0.1']);
  });
});

test('says so when the command is no Temporal server', async () => {
  const ground = await enterGround(dataDir);
  try {
    const start = startEmbeddedTemporal({ ...ground, cliPath: '/bin/false', searchAttributes: {} });
    await expect(start).rejects.toThrow('The embedded Temporal server ended (exit code 1)');
  } finally {
    await ground.leave();
  }
});

/** The distinct local addresses of the process's listening TCP sockets, from /proc. */
function listeningAddresses(pid: number): string[] {
  const inodes = new Set(
    fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /socket:\[(\d+)\]/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const LISTENING = '0A';
  const sockets = ['tcp', 'tcp6'].flatMap((table) =>
    fs
      .readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/)),
  );
  const addresses = sockets
    .filter((fields) => fields[3] === LISTENING && inodes.has(fields[9] ?? ''))
    .map((fields) => fields[1]?.split(':')[0] ?? '')
    .map((hex) => (hex === '0100007F' ? '127.0.0.1' : hex));
  return [...new Set(addresses)];
}
