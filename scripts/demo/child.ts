import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';

export type DemoChild = {
  /** The first message it sends: it is ready. */
  readonly ready: Promise<unknown>;
  readonly ended: Promise<number>;
  signal(): void;
};

/**
 * Starts a program with a channel to us, so that it ends when we are killed, and in a group of its own, so that
 * Ctrl-C reaches us only. What it prints goes to the log file.
 */
export function startChild(file: string, args: string[], env: NodeJS.ProcessEnv, logFile: string): DemoChild {
  const log = fs.openSync(logFile, 'a', 0o600);
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', '--disable-warning=ExperimentalWarning', file, ...args],
    {
      detached: true,
      env,
      stdio: ['ignore', log, log, 'ipc'],
    },
  );
  fs.closeSync(log);
  const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? 1);
  const ready = Promise.race([
    once(child, 'message'),
    ended.then((code) => {
      throw new Error(`${path.basename(file)} ended with ${code} before it was ready:\n${endOf(logFile)}`);
    }),
  ]);
  ready.catch(() => {});
  return { ready, ended, signal: () => void child.kill('SIGTERM') };
}

/** The last lines of a log, for the sentence that says why something ended. */
export function endOf(logFile: string): string {
  return fs.readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
}
