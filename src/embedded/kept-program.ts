import { setTimeout as delay } from 'node:timers/promises';
import { type Child, describeExit, type Log, startChild } from './child-process.ts';
import type { Guard } from './guard.ts';
import { StartupError } from './startup-error.ts';

export type KeptProgramOptions = {
  name: string;
  /** A JavaScript or TypeScript file; it runs on this process's Node and sends one message when it is ready. */
  file: string;
  env: Readonly<Record<string, string | undefined>>;
  log: Log;
  guard: Guard;
  graceMs: number;
  restarts?: RestartPolicy;
  /** Aborted to give up the first start. */
  signal?: AbortSignal;
};

/** How often in how long a crashed program is started again, and the pause before the first of these times. */
export type RestartPolicy = { atMost: number; withinMs: number; pauseMs: number };

export type KeptProgram = {
  /** Settles once with the sentence that says why it is no longer restarted. */
  readonly gaveUp: Promise<string>;
  stop(): Promise<void>;
};

const READY_LIMIT_MS = 120_000;
const DEFAULT_RESTARTS: RestartPolicy = { atMost: 5, withinMs: 120_000, pauseMs: 500 };

/**
 * What every Node child runs with. V8 lets a heap grow to a multiple of what lives in it: to less than twice that while
 * its limit is below 2 GB, to four times from there on (measured: a worker's peak of 280 MB and of 440 MB at 100,000
 * people). A small nursery and few malloc arenas keep the rest small.
 */
export const NODE_FLAGS = [
  ...['--enable-source-maps', '--disable-warning=ExperimentalWarning'],
  ...['--max-semi-space-size=4', '--max-old-space-size=1900'],
];
export const NODE_ENVIRONMENT = { MALLOC_ARENA_MAX: '2' };

/**
 * Starts one of our own programs and waits until it says that it is ready. From then on a crash is followed by a new
 * start after a pause that doubles, until there were too many of them in too short a time.
 *
 * @throws StartupError when the first start does not become ready: a restart would not mend that.
 */
export async function startKeptProgram(options: KeptProgramOptions): Promise<KeptProgram> {
  const { name, log, restarts = DEFAULT_RESTARTS } = options;
  const stopping = new AbortController();
  let child = await startReady(options);

  const keep = async (): Promise<string> => {
    let crashes: number[] = [];
    for (;;) {
      const exit = await child.exited;
      if (stopping.signal.aborted) return `${name} was stopped.`;
      const now = performance.now();
      crashes = [...crashes.filter((at) => now - at < restarts.withinMs), now];
      const what = `ended unexpectedly (${describeExit(exit)})`;
      if (crashes.length > restarts.atMost) {
        return `The ${name} ${what}, ${crashes.length} times within ${restarts.withinMs / 1000} s.`;
      }
      const pauseMs = restarts.pauseMs * 2 ** (crashes.length - 1);
      log(`${what}, starting it again in ${pauseMs / 1000} s`);
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return `${name} was stopped.`;
      child = await startNode(options);
      // A stop that came while it was being started has seen the one before it.
      if (stopping.signal.aborted) await child.stop();
    }
  };
  const gaveUp = keep().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));

  return {
    gaveUp,
    async stop() {
      stopping.abort();
      await child.stop();
      await gaveUp;
    },
  };
}

/**
 * Runs one of our own programs to its end.
 *
 * @throws StartupError when it does not end well.
 */
export async function runProgram(options: Omit<KeptProgramOptions, 'restarts' | 'signal'>): Promise<void> {
  const child = await startNode(options);
  const exit = await child.exited;
  if (exit.code !== 0) throw new StartupError(`${options.name} failed (${describeExit(exit)}), see above.`);
}

async function startReady(options: KeptProgramOptions): Promise<Child> {
  const { name, signal } = options;
  signal?.throwIfAborted();
  const child = await startNode(options);
  const settled = new AbortController();
  const limit = AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]);
  const outcome = await Promise.race([
    child.firstMessage.then(() => 'ready' as const),
    child.exited.then((exit) => `ended before it was ready (${describeExit(exit)}), see above`),
    delay(READY_LIMIT_MS, `was not ready within ${READY_LIMIT_MS / 1000} s`, { signal: limit }).catch(() => 'stopped'),
  ]);
  settled.abort();
  if (outcome === 'ready') return child;
  await child.stop();
  signal?.throwIfAborted();
  throw new StartupError(`The ${name} ${outcome}.`);
}

function startNode({ file, ...options }: KeptProgramOptions): Promise<Child> {
  const env = { ...NODE_ENVIRONMENT, ...options.env };
  return startChild({ ...options, env, command: process.execPath, args: [...NODE_FLAGS, file], channel: true });
}
