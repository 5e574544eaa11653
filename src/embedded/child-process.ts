import { type ChildProcess, spawn } from 'node:child_process';
import readline from 'node:readline';
import type { Readable } from 'node:stream';
import type { Guard } from './guard.ts';
import { killGroup } from './process-identity.ts';
import { StartupError } from './startup-error.ts';

/** Takes one line of text, without its line end. */
export type Log = (line: string) => void;

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended, however that came about; never rejects. */
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  /** Settles at the first message that the child sends over its channel; needs `channel: true`. */
  readonly firstMessage: Promise<unknown>;
  /** The end of what the process printed, for the sentence that explains why it ended. */
  lastLines(): string;
  /** Asks the process to stop, kills it after `graceMs`. May be called more than once. */
  stop(): Promise<Exit>;
  /** Kills the process and its group at once. */
  kill(): void;
};

export type ChildOptions = {
  name: string;
  command: string;
  args: readonly string[];
  log: Log;
  guard: Guard;
  env: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  user?: { uid: number; gid: number } | undefined;
  stopSignal?: NodeJS.Signals;
  /** How long the process may take to stop by itself. */
  graceMs: number;
  /** Opens a message channel to a child that is Node. */
  channel?: boolean;
};

const KEPT_LINES = 15;
const LAST_LINES_MS = 500;

/**
 * Starts a process in a group of its own, so that the terminal's Ctrl-C does not reach it and the order of stopping
 * stays ours. Every line it prints goes to `log`; the guard stops it should this process die.
 *
 * @throws StartupError when the program cannot be executed.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, log, guard, graceMs, stopSignal = 'SIGTERM' } = options;
  const started = spawn(options.command, options.args, {
    detached: true,
    env: definedOnly(options.env),
    stdio: ['ignore', 'pipe', 'pipe', ...(options.channel ? (['ipc'] as const) : [])],
    ...(options.cwd && { cwd: options.cwd }),
    ...options.user,
  });
  const pid = await spawned(started, name);
  guard.watch({ name, pid, stopSignal, graceMs });

  let running = true;
  const exited = new Promise<Exit>((resolve) => {
    started.once('exit', (code, signal) => {
      running = false;
      guard.release(pid);
      // What it printed last may still be on its way; a process of its own that holds the pipe shall not hold us.
      const enough = setTimeout(() => resolve({ code, signal }), LAST_LINES_MS);
      started.once('close', () => {
        clearTimeout(enough);
        resolve({ code, signal });
      });
    });
  });
  const firstMessage = new Promise<unknown>((resolve) => started.once('message', resolve));

  const kept: string[] = [];
  for (const stream of [started.stdout, started.stderr] as (Readable | null)[]) {
    if (!stream) continue;
    readline.createInterface({ input: stream }).on('line', (line) => {
      if (!line.trim()) return;
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      log(line);
    });
  }

  return {
    name,
    pid,
    exited,
    firstMessage,
    isRunning: () => running,
    lastLines: () => kept.join('\n'),
    kill: () => killGroup(pid),
    async stop() {
      if (running) started.kill(stopSignal);
      const timer = setTimeout(() => killGroup(pid), graceMs);
      const exit = await exited;
      clearTimeout(timer);
      return exit;
    },
  };
}

/** What an exit looks like in a sentence: "exit code 1", "signal SIGKILL". */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}

function spawned(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new StartupError(`${name} cannot be started: ${error.message}`)));
    child.once('spawn', () => (child.pid ? resolve(child.pid) : reject(new StartupError(`${name} has no process id`))));
  });
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
