import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../../src/embedded/index.ts';
import { createAdministrator } from '../../../tools/administrator/administrator.ts';
import { createControl } from '../../../tools/google-stand-in/index.ts';

const MAIN = path.resolve(import.meta.dirname, '../../../scripts/demo/main.ts');

let dataDir: string;
let demo: ChildProcess | undefined;

beforeAll(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-demo-'));
});

afterAll(async () => {
  await stopDemo();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

/** Starts the demo and returns what it printed up to its last line of introduction. */
async function startDemo(): Promise<string> {
  const port = fs.existsSync(path.join(dataDir, 'demo.json')) ? {} : { PORT: String(await freePort('127.0.0.1')) };
  const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: { ...process.env, DATA_DIR: dataDir, ...port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  demo = started;
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Ctrl-C stops.')) resolve();
    };
    started.stdout.on('data', collect);
    started.stderr.on('data', collect);
    started.once('exit', () => reject(new Error(`the demo ended:\n${output}`)));
  });
  return output;
}

async function stopDemo(): Promise<number | null> {
  if (!demo || demo.exitCode !== null) return null;
  const exited = once(demo, 'exit');
  demo.kill('SIGINT');
  const [code] = await exited;
  return code as number | null;
}

function visitor(introduction: string) {
  const field = (name: string) => new RegExp(`${name} +(\\S+)`).exec(introduction)?.[1] ?? '';
  const { apiToken } = JSON.parse(fs.readFileSync(path.join(dataDir, 'demo.json'), 'utf8')) as { apiToken: string };
  const urls = () => [field('Open')];
  return createAdministrator({ urls, apiToken, email: field('Sign in'), password: field('Password') });
}

test('opens a product that connects and synchronizes 250 people, and goes on with it at the next start', async () => {
  const administrator = visitor(await startDemo());
  const { body } = await administrator.api<{ items: { id: string; name: string }[] }>('GET', '/tenants');
  const acme = body.items.find(({ name }) => name === 'Acme')?.id ?? '';
  const { googlePort } = JSON.parse(fs.readFileSync(path.join(dataDir, 'demo.json'), 'utf8')) as { googlePort: number };
  const admin = { email: 'admin@acme.example' };
  const [client] = await createControl(`http://127.0.0.1:${googlePort}`).clients();
  if (!client) throw new Error('Google has no client');

  await administrator.authorize(acme, { client, admin });
  await administrator.chooseMode(acme, 'manual');
  const first = await administrator.startRun(acme);
  const done = ({ finishedAt }: { finishedAt: string | null }) => finishedAt !== null;
  expect(await administrator.untilRun(acme, first, 'the first run', done)).toMatchObject({ state: 'succeeded' });
  expect((await administrator.readUsers(acme)).filter((user) => user.enabled)).toHaveLength(250);
  expect(await stopDemo()).toBe(0);

  const again = visitor(await startDemo());
  const second = await again.startRun(acme);
  expect(await again.untilRun(acme, second, 'the second run', done)).toMatchObject({ state: 'succeeded' });
  expect(await again.readUsers(acme)).toHaveLength(250);
}, 120_000);
