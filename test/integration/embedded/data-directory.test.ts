import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDataDirectory } from '../../../src/embedded/index.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-data-'));
});

afterEach(() => fs.rmSync(dataDir, { recursive: true, force: true }));

/** Holds the directory in another process until that is killed. */
async function heldElsewhere() {
  const module = path.join(import.meta.dirname, '..', '..', '..', 'src', 'embedded', 'data-directory.ts');
  const script = `const { openDataDirectory } = await import(${JSON.stringify(module)});
    openDataDirectory(process.env.DATA_DIR); process.send('held'); setInterval(() => {}, 60_000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(holder, 'message');
  return holder;
}

test('is refused while another process holds it, which is named', async () => {
  const holder = await heldElsewhere();
  try {
    expect(() => openDataDirectory(dataDir)).toThrow(`is in use by process ${holder.pid} on ${os.hostname()}, since`);
  } finally {
    holder.kill('SIGKILL');
    await once(holder, 'exit');
  }
});

test('is taken over from a holder that was killed', async () => {
  const holder = await heldElsewhere();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(fs.existsSync(path.join(dataDir, 'holder.json'))).toBe(true);
  openDataDirectory(dataDir).close();
});

test('is free again after it was closed', () => {
  openDataDirectory(dataDir).close();
  openDataDirectory(dataDir).close();
  expect(fs.existsSync(path.join(dataDir, 'holder.json'))).toBe(false);
});

test('makes a secret once and keeps it readable for its owner only', () => {
  const directory = openDataDirectory(dataDir);
  const secret = directory.secret('example');
  expect(secret).toMatch(/^[\w-]{32}$/);
  expect(directory.secret('example', () => 'another')).toBe(secret);
  expect(directory.secret('other')).not.toBe(secret);
  expect(fs.statSync(path.join(dataDir, 'secrets', 'example')).mode & 0o777).toBe(0o600);
  expect(fs.statSync(path.join(dataDir, 'secrets')).mode & 0o777).toBe(0o700);
  directory.close();
});

test('says how to go on when the directory cannot be made', () => {
  const file = path.join(dataDir, 'file');
  fs.writeFileSync(file, '');
  expect(() => openDataDirectory(path.join(file, 'below'))).toThrow('Set DATA_DIR to another one.');
});
