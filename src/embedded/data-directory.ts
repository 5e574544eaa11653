import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartupError } from './startup-error.ts';

/**
 * The directory of one installation on one machine:
 *
 * ```
 * lock           held while someone runs on this directory     postgres/      the embedded database
 * holder.json    who that is                                   postgres-port  the port it had last
 * children.json  the processes of the one who runs             temporal/      the embedded Temporal server's file
 * secrets/       generated passwords and keys, 0600
 * ```
 */
export type DataDirectory = {
  readonly path: string;
  /** The kept secret of this name; made and stored with mode 0600 when there is none yet. */
  secret(name: string, make?: () => string): string;
  /** Gives the directory free for the next one. */
  close(): void;
};

/** Keeps the locks from being collected as garbage, which would release them, whatever our callers do. */
const heldLocks = new Set<DatabaseSync>();

type Holder = { pid: number; host: string; since: string };

/**
 * Creates the directory when needed and takes its lock. The lock belongs to the kernel, so the one of a process that
 * died is gone with it, whatever process has its number now.
 *
 * @throws StartupError when another process holds the directory (it is named), or it cannot be written.
 */
export function openDataDirectory(directory: string): DataDirectory {
  const root = path.resolve(directory);
  makeDirectory(root);
  const release = takeLock(root);
  const secrets = path.join(root, 'secrets');
  fs.mkdirSync(secrets, { recursive: true, mode: 0o700 });

  return {
    path: root,
    secret: (name, make = () => randomBytes(24).toString('base64url')) => keptSecret(path.join(secrets, name), make),
    close: release,
  };
}

function makeDirectory(root: string): void {
  try {
    fs.mkdirSync(root, { recursive: true });
    // The database server of a start by root runs as another user, who must be able to pass through.
    if (process.getuid?.() === 0) fs.chmodSync(root, 0o711);
    fs.accessSync(root, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (cause) {
    throw new StartupError(`The data directory ${root} cannot be used: ${reason(cause)}. Set DATA_DIR to another one.`);
  }
}

/** An exclusive transaction on an empty SQLite file is a lock of the operating system, which Node has no call for. */
function takeLock(root: string): () => void {
  const file = path.join(root, 'lock');
  const holderFile = path.join(root, 'holder.json');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('begin exclusive');
  } catch (error) {
    lock?.close();
    if (!isBusy(error)) {
      throw new StartupError(`The data directory ${root} cannot be locked: ${reason(error)}. Is it another user's?`);
    }
    const holder = readHolder(holderFile);
    const who = holder ? `process ${holder.pid} on ${holder.host}, since ${holder.since}` : 'another process';
    throw new StartupError(`The data directory ${root} is in use by ${who}. Stop that one first, or set DATA_DIR.`);
  }
  fs.chmodSync(file, 0o600);
  const holder: Holder = { pid: process.pid, host: os.hostname(), since: new Date().toISOString() };
  fs.writeFileSync(holderFile, JSON.stringify(holder), { mode: 0o600 });
  const held = lock;
  heldLocks.add(held);
  return () => {
    if (!heldLocks.delete(held)) return;
    fs.rmSync(holderFile, { force: true });
    held.close();
  };
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === 5;
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function keptSecret(file: string, make: () => string): string {
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim();
  const secret = make();
  const descriptor = fs.openSync(`${file}.new`, 'w', 0o600);
  fs.writeSync(descriptor, `${secret}\n`);
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
  fs.renameSync(`${file}.new`, file);
  return secret;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
