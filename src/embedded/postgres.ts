import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, describeExit, type Exit, type Log, startChild } from './child-process.ts';
import type { DataDirectory } from './data-directory.ts';
import { databaseUser } from './database-user.ts';
import { freePort, isListening } from './free-port.ts';
import type { Guard } from './guard.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { APPLICATION, createCluster, POSTGRES_ENV } from './postgres-cluster.ts';
import { StartupError } from './startup-error.ts';

export type EmbeddedPostgres = {
  /** Connects as the application's role, which owns its database and is no superuser. Holds the password. */
  readonly url: string;
  /** Settles when the server has ended, asked or not. */
  readonly exited: Promise<Exit>;
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  directory: DataDirectory;
  guard: Guard;
  log: Log;
  cacheDir: string;
  /** False gives speed for the safety of the data: for tests only. */
  durable?: boolean;
  /** Lets the application's role create databases. Takes effect when the cluster is made. */
  createDatabases?: boolean;
};

const HOST = '127.0.0.1';
const PORT_ATTEMPTS = 3;
/** Replaying the log after a crash may take this long; a start without one takes a tenth of a second. */
const READY_LIMIT_MS = 300_000;

/**
 * Runs a real Postgres from the npm packages on the data directory: loopback only, scram, no unix socket, on the port
 * it had last if that is still free.
 *
 * @throws StartupError when it cannot be made or does not become ready; nothing is left running then.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, cacheDir, durable = true, createDatabases = false } = options;
  const cluster = path.join(directory.path, 'postgres');
  const user = databaseUser(cluster);
  const binaries = postgresBinaries(user, cacheDir);
  const applicationPassword = directory.secret('postgres-application-password');
  if (!fs.existsSync(path.join(cluster, 'PG_VERSION'))) {
    const superuserPassword = directory.secret('postgres-superuser-password');
    options.log('creating the database');
    await createCluster({
      ...{ directory: cluster, binaries, user, durable, createDatabases },
      ...{ superuserPassword, applicationPassword },
    });
  }

  const portFile = path.join(directory.path, 'postgres-port');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(HOST, readPort(portFile));
    const server = await startServer(options, binaries, fs.realpathSync(cluster), user, port);
    const ended = await readiness(server, fs.realpathSync(cluster));
    if (!ended) {
      fs.writeFileSync(portFile, String(port), { mode: 0o600 });
      return {
        url: `postgres://${APPLICATION}:${applicationPassword}@${HOST}:${port}/${APPLICATION}`,
        exited: server.exited,
        stop: async () => void (await server.stop()),
      };
    }
    const portWasTaken = await isListening(HOST, port);
    if (portWasTaken && attempt < PORT_ATTEMPTS) continue;
    throw new StartupError(`The embedded database did not start (${describeExit(ended)}):\n${server.lastLines()}`);
  }
}

function startServer(
  { guard, log, durable = true }: EmbeddedPostgresOptions,
  binaries: PostgresBinaries,
  data: string,
  user: { uid: number; gid: number } | undefined,
  port: number,
): Promise<Child> {
  const settings = {
    listen_addresses: HOST,
    unix_socket_directories: '',
    // Statements and the details of errors hold people's data; the process that sent them has the error anyway.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_line_prefix: '',
    timezone: 'UTC',
    jit: 'off',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return startChild({
    name: 'postgres',
    command: binaries.postgres,
    args: ['-D', data, '-p', String(port), ...flags],
    env: POSTGRES_ENV,
    cwd: '/',
    ...{ user, guard, log },
    // SIGINT ends sessions and stops; SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    graceMs: 30_000,
  });
}

/**
 * Waits until this very server accepts connections: its own status file must carry its process number, so nobody
 * else's server on the same port can be mistaken for it. Returns the exit when the server ended instead.
 */
async function readiness(server: Child, data: string): Promise<Exit | undefined> {
  const deadline = performance.now() + READY_LIMIT_MS;
  while (server.isRunning()) {
    if (isReady(path.join(data, 'postmaster.pid'), server.pid)) return undefined;
    if (performance.now() > deadline) {
      await server.stop();
      throw new StartupError(`The embedded database was not ready within ${READY_LIMIT_MS / 60_000} minutes.`);
    }
    await delay(20);
  }
  return server.exited;
}

/** The first line of postmaster.pid is the process, the eighth its state: miscadmin.h, LOCK_FILE_LINE_PM_STATUS. */
function isReady(statusFile: string, pid: number): boolean {
  try {
    const lines = fs.readFileSync(statusFile, 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function readPort(file: string): number | undefined {
  if (!fs.existsSync(file)) return undefined;
  const port = Number(fs.readFileSync(file, 'utf8'));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}
