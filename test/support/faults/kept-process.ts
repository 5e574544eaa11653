import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NODE_FLAGS } from '../../../src/embedded/index.ts';

const KILLABLE = path.resolve(import.meta.dirname, '../programs/killable.ts');
const NO_GOOGLE = path.resolve(import.meta.dirname, '../no-google.mjs');
const PAUSE_MS = 200;
const READY_LIMIT_MS = 60_000;
const KEPT_OUTPUT = 20_000;

/** A server or a worker that is started again whenever it ends, as a supervisor does. */
export type KeptProcess = {
  kill(): void;
  /** Makes it kill itself at `<checkpoint>:<before|after>`, now and after every new start, until it has. */
  arm(point: string): void;
  disarm(): void;
  /** Whether the armed point is still to be reached. */
  isArmed(): boolean;
  /** Settles when it is up and ready. */
  ready(): Promise<void>;
  /** How often it ended although nobody killed it. */
  ownEnds(): number;
  /** The end of what it printed. */
  output(): string;
  stop(): Promise<void>;
};

export const keepProcess = (name: 'server' | 'worker', env: Record<string, string>): KeptProcess => {
  let child: ChildProcess | undefined;
  let isReady = false;
  let armed = '';
  let killed = false;
  let stopping = false;
  let ownEnds = 0;
  let output = '';
  const collect = (chunk: Buffer) => {
    output = (output + chunk).slice(-KEPT_OUTPUT);
  };

  const start = (): ChildProcess => {
    const started = spawn(process.execPath, [...NODE_FLAGS, '--import', NO_GOOGLE, KILLABLE, name], {
      env: { ...env, FAULT_KILL_AT: armed },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    started.stdout?.on('data', collect);
    started.stderr?.on('data', collect);
    started.on('error', () => undefined);
    started.once('message', () => {
      isReady = true;
    });
    return started;
  };

  const keep = async (): Promise<void> => {
    while (!stopping) {
      killed = false;
      child = start();
      const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
      isReady = false;
      if (stopping) return;
      if (signal === 'SIGKILL' && !killed) armed = '';
      else if (!killed) ownEnds++;
      await delay(PAUSE_MS);
    }
  };
  const kept = keep();

  return {
    kill() {
      killed = true;
      isReady = false;
      child?.kill('SIGKILL');
    },
    arm(point) {
      armed = point;
      child?.send(point, () => undefined);
    },
    disarm() {
      armed = '';
      child?.send('', () => undefined);
    },
    isArmed: () => armed !== '',
    async ready() {
      for (const endsAt = Date.now() + READY_LIMIT_MS; !isReady; await delay(20)) {
        if (Date.now() > endsAt) throw new Error(`the ${name} is not ready:\n${output}`);
      }
    },
    ownEnds: () => ownEnds,
    output: () => output,
    async stop() {
      stopping = true;
      child?.kill('SIGTERM');
      await kept;
    },
  };
};
