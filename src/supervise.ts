import { randomBytes } from 'node:crypto';
import { loadConfig } from './config.ts';
import { TENANT_ID_ATTRIBUTE } from './contracts/search-attributes.ts';
import {
  cacheDirectory,
  type DataDirectory,
  describeExit,
  findTemporalCli,
  type Guard,
  type Log,
  openDataDirectory,
  type RestartPolicy,
  runProgram,
  StartupError,
  startEmbeddedPostgres,
  startEmbeddedTemporal,
  startGuard,
  startKeptProgram,
} from './embedded/index.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type SuperviseOptions = {
  env: Environment;
  /** Files of the three programs; each is run by this Node as a process of its own. */
  programs: { migrate: string; server: string; worker: string };
  /** Takes every line of every process, already marked with its name. */
  write: (line: string) => void;
  onReady?: (publicUrl: string) => void;
  /** Aborted to stop in order. */
  stop: AbortSignal;
  /** Aborted to kill what has not stopped by then. */
  force: AbortSignal;
  restarts?: RestartPolicy;
};

/** What the steps of a start share. */
type Start = {
  options: SuperviseOptions;
  directory: DataDirectory;
  guard: Guard;
  /** What to do, last first, to leave nothing behind. */
  undo: (() => Promise<void>)[];
  /** Aborted when we are to stop or something has ended for good. */
  halt: AbortSignal;
  fail: (sentence: string) => void;
  logOf: (name: string) => Log;
};

/** The worker finishes or hands back what it works on, the server its requests; both limit themselves earlier. */
const GRACE_MS = { worker: 35_000, server: 20_000, migrate: 10_000 };

/**
 * Runs the whole product on one machine until `stop`: the embedded database and Temporal server unless the
 * environment names others, the migrations, then the worker and the server. Everything stops in the reverse order:
 * requests first, then work, then Temporal, then the database.
 *
 * @returns once nothing runs any more, after `stop`
 * @throws StartupError when something cannot start or has ended for good; ConfigError for a wrong environment.
 *   Nothing runs any more then either.
 */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { env, stop } = options;
  const config = loadConfig(env);
  const logOf = (name: string): Log => {
    const mark = `${name.padEnd(8)} | `;
    return (line) => options.write(mark + line);
  };
  const failure = new AbortController();
  const halt = AbortSignal.any([stop, failure.signal]);
  const fail = (sentence: string) => failure.abort(new StartupError(sentence));

  const undo: (() => Promise<void>)[] = [];
  try {
    const directory = openDataDirectory(config.dataDir);
    undo.push(async () => directory.close());
    const guard = await startGuard({ directory: directory.path });
    undo.push(() => guard.close());
    options.force.addEventListener('abort', () => guard.killAll());
    const start: Start = { options, directory, guard, undo, halt, fail, logOf };

    const temporalAt = config.temporal.address;
    const cliPath = temporalAt ? undefined : await findCli(start);
    const databaseEnv: Environment = {
      ...env,
      DATABASE_URL: config.databaseUrl ?? (await embedDatabase(start)),
      ENCRYPTION_KEYS: env.ENCRYPTION_KEYS || directory.secret('encryption-keys', newEncryptionKeys),
    };
    const [address] = await allDone([
      cliPath ? embedTemporal(start, cliPath, config.temporal.namespace) : Promise.resolve(temporalAt),
      migrateDatabase(start, databaseEnv),
    ]);
    const programEnv: Environment = { ...databaseEnv, TEMPORAL_ADDRESS: address };
    const programs = [keepProgram(start, 'worker', programEnv), keepProgram(start, 'server', programEnv)];
    for (const program of await Promise.allSettled(programs)) {
      if (program.status === 'fulfilled') undo.push(program.value);
    }
    await Promise.all(programs);
    halt.throwIfAborted();

    logOf('start')(`ready at ${config.http.publicUrl}`);
    options.onReady?.(config.http.publicUrl);
    await aborted(halt);
  } catch (error) {
    if (stop.aborted) return;
    throw failure.signal.aborted ? failure.signal.reason : error;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

function findCli({ options: { env }, halt, logOf }: Start): Promise<string> {
  return findTemporalCli({ env, cacheDir: cacheDirectory(env), log: logOf('temporal'), signal: halt });
}

async function embedDatabase({ options: { env }, directory, guard, undo, halt, fail, logOf }: Start): Promise<string> {
  halt.throwIfAborted();
  const postgres = await startEmbeddedPostgres({
    ...{ directory, guard, log: logOf('postgres'), cacheDir: cacheDirectory(env) },
  });
  undo.push(() => postgres.stop());
  postgres.exited.then((exit) => fail(`The embedded database ended unexpectedly (${describeExit(exit)}).`));
  return postgres.url;
}

async function embedTemporal(start: Start, cliPath: string, namespace: string): Promise<string> {
  const { directory, guard, undo, halt, fail, logOf } = start;
  halt.throwIfAborted();
  const temporal = await startEmbeddedTemporal({
    ...{ cliPath, dataDir: directory.path, guard, log: logOf('temporal'), namespace },
    searchAttributes: { [TENANT_ID_ATTRIBUTE.name]: 'Keyword' },
  });
  undo.push(() => temporal.stop());
  temporal.exited.then((exit) => fail(`The embedded Temporal server ended unexpectedly (${describeExit(exit)}).`));
  return temporal.address;
}

/** Never interrupted by `stop`: a migration is one transaction, and waiting for it is shorter than doing it again. */
function migrateDatabase({ options, guard, logOf }: Start, env: Environment): Promise<void> {
  const { migrate: file } = options.programs;
  return runProgram({ name: 'migrate', file, env, guard, log: logOf('migrate'), graceMs: GRACE_MS.migrate });
}

async function keepProgram(start: Start, name: 'worker' | 'server', env: Environment): Promise<() => Promise<void>> {
  const { options, guard, halt, fail, logOf } = start;
  const program = await startKeptProgram({
    ...{ name, file: options.programs[name], env, guard, log: logOf(name), graceMs: GRACE_MS[name], signal: halt },
    ...(options.restarts && { restarts: options.restarts }),
  });
  program.gaveUp.then(fail);
  return () => program.stop();
}

/** Like Promise.all, but nothing is still going on when it rejects. */
async function allDone<T extends readonly Promise<unknown>[]>(work: [...T]) {
  await Promise.allSettled(work);
  return Promise.all(work);
}

function newEncryptionKeys(): string {
  return `k1:${randomBytes(32).toString('base64')}`;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
