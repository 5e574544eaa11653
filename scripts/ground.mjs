// What the commands stand on. Plain JavaScript for Node 20: everything else runs on the Node 24 that npm installs.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The Node to run our code with: the packaged one, or this one where it is new enough. */
export function node24() {
  const packaged = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (fs.existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(`There is no packaged Node for ${process.platform} ${process.arch}: install Node 24 or newer.`);
}

const FLAGS = ['--enable-source-maps', '--disable-warning=ExperimentalWarning'];

/** Runs one of our programs to its end and returns its exit code. It shares the terminal, so Ctrl-C reaches it as well. */
export function runToEnd(file, args = []) {
  const child = spawn(node24(), [...FLAGS, path.join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return exitCode(child);
}

/**
 * Runs one of our programs until it is stopped and returns its exit code. Signals are passed on; and because the
 * program holds a channel to us, it stops even when we are killed.
 */
export function runUntilStopped(file, args = []) {
  const child = spawn(node24(), [...FLAGS, path.join(root, file), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) stopWhenOrphaned(child);
  return exitCode(child);
}

/** npm waits for us for as long as it lives: another parent means that it was killed. */
function stopWhenOrphaned(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 1_000);
  child.once('exit', () => clearInterval(watch));
}

function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs a command's steps one after the other until one does not end with 0, and ends with that code. */
export async function runSteps(...steps) {
  let code = 0;
  try {
    for (const step of steps) {
      code = (await step()) ?? 0;
      if (code !== 0) break;
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    code = 1;
  }
  process.exit(code);
}
