import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { endProcess, identifyProcess, killGroup, type ProcessIdentity } from './process-identity.ts';

export type GuardedProcess = { name: string; pid: number; stopSignal: NodeJS.Signals; graceMs: number };

/** What the guard process knows about each child; also what stands in `children.json`. */
export type GuardRecord = ProcessIdentity & { name: string; stopSignal: NodeJS.Signals; graceMs: number };

export type Guard = {
  watch(child: GuardedProcess): void;
  release(pid: number): void;
  /** Kills everything that is watched, at once and in no order: for the second Ctrl-C. */
  killAll(): void;
  /** Ends the guard process. Children that are still watched are left alone: stop them first. */
  close(): Promise<void>;
};

/**
 * Makes sure that no child outlives us. A second small process holds a channel to this one; when the channel breaks
 * because we were killed, it stops the children in the reverse order of their start. Should that process be killed as
 * well, the next start finds the children in `children.json` and stops them before anything else begins.
 *
 * @param directory the locked data directory; only the holder of its lock may call this.
 */
export async function startGuard({ directory }: { directory: string }): Promise<Guard> {
  const file = path.join(directory, 'children.json');
  await endLeftovers(file);

  const guard = fork(path.join(import.meta.dirname, `guard-process${path.extname(import.meta.filename)}`), [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: ['--max-old-space-size=32'],
    env: {},
    cwd: '/',
  });
  // A guard that died is replaced by nothing: the records on disk still protect the next start.
  guard.on('error', () => {});
  guard.unref();
  guard.channel?.unref();

  let records: GuardRecord[] = [];
  const changed = () => {
    writeAtomically(file, JSON.stringify(records));
    if (guard.connected) guard.send(records, () => {});
  };

  return {
    watch({ pid, ...child }) {
      const identity = identifyProcess(pid);
      if (!identity) return;
      records = [...records, { ...identity, ...child }];
      changed();
    },
    release(pid) {
      records = records.filter((record) => record.pid !== pid);
      changed();
    },
    killAll() {
      for (const { pid } of records) killGroup(pid);
    },
    async close() {
      fs.rmSync(file, { force: true });
      if (guard.exitCode !== null || guard.signalCode !== null) return;
      guard.ref();
      const exited = new Promise((resolve) => guard.once('exit', resolve));
      if (guard.connected) guard.send([], () => guard.disconnect());
      await exited;
    },
  };
}

/** Stops what is still running of these, last started first. */
export async function endInReverse(records: readonly GuardRecord[]): Promise<void> {
  for (const record of records.toReversed()) await endProcess(record, record.stopSignal, record.graceMs);
}

async function endLeftovers(file: string): Promise<void> {
  let records: GuardRecord[];
  try {
    records = JSON.parse(fs.readFileSync(file, 'utf8')) as GuardRecord[];
  } catch {
    return;
  }
  await endInReverse(records);
  fs.rmSync(file, { force: true });
}

function writeAtomically(file: string, text: string): void {
  fs.writeFileSync(`${file}.new`, text, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}
