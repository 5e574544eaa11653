import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheDirectory } from '../../src/embedded/index.ts';

/** A supervisor in a process of its own, with stand-ins for the server and the worker. */
export type House = {
  readonly supervisor: ChildProcess;
  /** Everything that was printed so far. */
  output(): string;
  /** Settles when the supervisor said that everything is ready. */
  ready(): Promise<void>;
  /** Settles with the exit code (null after a signal). */
  ended(): Promise<number | null>;
};

/** Directories of one test: `data` for the house, `notes` for what its programs report. */
export type Ground = { data: string; notes: string; env: Record<string, string>; clear(): void };

export function newGround(): Ground {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-house-'));
  fs.chmodSync(root, 0o755);
  const data = path.join(root, 'data');
  const notes = path.join(root, 'notes');
  fs.mkdirSync(notes);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: root,
    DATA_DIR: data,
    NOTES_DIR: notes,
    CACHE_DIR: cacheDirectory(process.env),
    ...(process.env.TEMPORAL_CLI_PATH && { TEMPORAL_CLI_PATH: process.env.TEMPORAL_CLI_PATH }),
  };
  return { data, notes, env, clear: () => fs.rmSync(root, { recursive: true, force: true }) };
}

export function startHouse(ground: Ground, env: Record<string, string> = {}): House {
  const main = path.join(import.meta.dirname, 'programs', 'main.ts');
  const supervisor = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { ...ground.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  supervisor.stdout?.on('data', collect);
  supervisor.stderr?.on('data', collect);
  const ended = once(supervisor, 'exit').then(([code]) => code as number | null);
  const ready = Promise.race([
    once(supervisor, 'message').then(() => undefined),
    ended.then((code) => {
      throw new Error(`The supervisor ended with ${code}:\n${output}`);
    }),
  ]);
  ready.catch(() => {});
  return { supervisor, output: () => output, ready: () => ready, ended: () => ended };
}

/** The lines that the programs noted so far. */
export function events(ground: Ground): string[] {
  const file = path.join(ground.notes, 'events');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** The processes that the house runs now: name to process number. */
export function residents(ground: Ground): Record<string, number> {
  const file = path.join(ground.data, 'children.json');
  const records = JSON.parse(fs.readFileSync(file, 'utf8')) as { name: string; pid: number }[];
  return Object.fromEntries(records.map(({ name, pid }) => [name, pid]));
}

/** Looks again and again until it holds; fails with `what` when that takes too long. */
export async function eventually(what: string, holds: () => boolean, limitMs = 20_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await delay(20);
  }
}
