import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { type Child, describeExit, type Exit, type Log, startChild } from './child-process.ts';
import { freePort, isListening } from './free-port.ts';
import type { Guard } from './guard.ts';
import { StartupError } from './startup-error.ts';

export type EmbeddedTemporal = {
  readonly address: string;
  readonly namespace: string;
  /** Settles when the server has ended, asked or not. */
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
};

export type EmbeddedTemporalOptions = {
  /** The `temporal` command, see `findTemporalCli`. */
  cliPath: string;
  /** Where the server keeps its file and its home. */
  dataDir: string;
  guard: Guard;
  log: Log;
  /** False keeps everything in memory: for tests only. */
  persistent?: boolean;
  /** Taken when it is free. */
  wantedPort?: number;
  namespace?: string;
  /** Name to type, as the server knows types: `Keyword`, `Int`, `Datetime`, … */
  searchAttributes: Readonly<Record<string, string>>;
  /** How long finished workflows stay readable, in milliseconds. */
  retentionMs?: number;
};

const HOST = '127.0.0.1';
const PORT_ATTEMPTS = 3;
const READY_LIMIT_MS = 60_000;
const DAY_MS = 86_400_000;

/** Server settings in the order they matter; the server's defaults are made for clusters or leave these off. */
const DYNAMIC_CONFIG = [
  // The default of 20 a second makes every step of every workflow wait for up to 50 ms on a server with one shard.
  'history.transferProcessorMaxPollRPS=2000',
  // Priority and fairness between tenants need the new matcher and, to be exact, one partition per queue.
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
];

/**
 * Runs the Temporal dev server on loopback and a free port, with one file for its state.
 *
 * @throws StartupError when it does not become ready; nothing is left running then.
 */
export async function startEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  const { namespace = 'default', retentionMs = 30 * DAY_MS } = options;
  const home = path.join(options.dataDir, 'temporal');
  fs.mkdirSync(home, { recursive: true, mode: 0o700 });

  for (let attempt = 1; ; attempt++) {
    const port = await freePort(HOST, options.wantedPort);
    const server = await startServer(options, home, namespace, port);
    try {
      await listening(server, port);
      await prepareNamespace(server, `${HOST}:${port}`, namespace, retentionMs);
      return {
        address: `${HOST}:${port}`,
        namespace,
        exited: server.exited,
        stop: async () => void (await server.stop()),
      };
    } catch (error) {
      const ended = !server.isRunning();
      const exit = await server.stop();
      if (ended && attempt < PORT_ATTEMPTS && (await isListening(HOST, port))) continue;
      if (!ended) throw error;
      throw new StartupError(`The embedded Temporal server ended (${describeExit(exit)}):\n${server.lastLines()}`);
    }
  }
}

function startServer(options: EmbeddedTemporalOptions, home: string, namespace: string, port: number): Promise<Child> {
  const { cliPath, guard, log, persistent = true, searchAttributes } = options;
  const attributes = Object.entries(searchAttributes).map(([name, type]) => `${name}=${type}`);
  return startChild({
    name: 'temporal',
    command: cliPath,
    args: [
      ...['server', 'start-dev', '--headless', '--ip', HOST, '--port', String(port), '--namespace', namespace],
      ...['--log-level', 'error', '--color', 'never'],
      ...DYNAMIC_CONFIG.flatMap((setting) => ['--dynamic-config-value', setting]),
      ...attributes.flatMap((attribute) => ['--search-attribute', attribute]),
      ...(persistent ? fileFlags(home) : []),
    ],
    // The command reads TEMPORAL_* and a profile in the home directory, which belong to the person, not to us.
    env: { HOME: home, TMPDIR: os.tmpdir() },
    ...{ guard, log },
    graceMs: 15_000,
  });
}

/** With the default pragmas every transition waits for the disk twice; a write-ahead log keeps as much in a crash. */
function fileFlags(home: string): string[] {
  return [
    ...['--db-filename', path.join(home, 'temporal.db')],
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
  ];
}

async function listening(server: Child, port: number): Promise<void> {
  await eventually(server, () => isListening(HOST, port));
}

async function prepareNamespace(server: Child, address: string, namespace: string, retentionMs: number): Promise<void> {
  const connection = Connection.lazy({ address });
  try {
    await eventually(server, () =>
      connection.withDeadline(Date.now() + 5_000, async () => {
        const config = { workflowExecutionRetentionTtl: msToTs(retentionMs) };
        await connection.workflowService.updateNamespace({ namespace, config });
        return true;
      }),
    );
  } finally {
    await connection.close();
  }
}

/** Repeats a check until it holds, but only while our own server is alive: an answer on its port could be another's. */
async function eventually(server: Child, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  let lastError: unknown;
  while (server.isRunning()) {
    const held = await check().catch((error: unknown) => {
      lastError = error;
      return false;
    });
    if (held && server.isRunning()) return;
    if (performance.now() > deadline) {
      const why = lastError instanceof Error ? `: ${lastError.message}` : '';
      throw new StartupError(`The embedded Temporal server was not ready within ${READY_LIMIT_MS / 1000} s${why}.`);
    }
    await delay(25);
  }
  throw new StartupError('The embedded Temporal server ended while it was starting.');
}
