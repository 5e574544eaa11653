import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../../src/embedded/index.ts';
import { createAdministrator } from '../../tools/administrator/administrator.ts';
import { createControl } from '../../tools/google-stand-in/index.ts';
import { type DemoChild, endOf, startChild } from './child.ts';
import { readJson, recall, remember, writeJson } from './memory.ts';
import { seedGoogle, seedProduct } from './seed.ts';

// The product with everything embedded, next to a Google on localhost that has two companies.

const EMAIL = 'admin@pbx.example';
const HOST = '127.0.0.1';
const SAVE_EVERY_MS = 1_000;

const root = path.resolve(import.meta.dirname, '../..');
const dataDir = path.resolve(root, process.env.DATA_DIR || '.data/demo');
const googleFile = path.join(dataDir, 'google.json');
const logFile = path.join(dataDir, 'demo.log');
fs.mkdirSync(dataDir, { recursive: true });

const remembered = recall(dataDir);
const port = await freePort(HOST, process.env.PORT ? Number(process.env.PORT) : remembered.port);
const googlePort = await freePort(HOST, remembered.googlePort);
const publicUrl = `http://localhost:${port}`;
const { password, apiToken } = remembered;

const children: DemoChild[] = [];
let stopping = false;
const stop = () => {
  if (!stopping) console.log('\ndemo: stopping; the next start goes on from here');
  stopping = true;
  children.at(-1)?.signal();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
process.on('disconnect', stop);

let code = 1;
try {
  code = await run();
} catch (error) {
  if (!stopping) console.error(`demo: ${error instanceof Error ? error.message : error}\nThe whole log is ${logFile}`);
}
for (const child of children.toReversed()) {
  child.signal();
  await child.ended;
}
process.exit(stopping ? code : 1);

async function run(): Promise<number> {
  const google = begin('tools/google-stand-in/main.ts', ['--port', String(googlePort), '--strict', 'sampled'], {});
  await google.ready;
  const control = createControl(`http://${HOST}:${googlePort}`);
  const companies = await seedGoogle(control, publicUrl);
  const saved = readJson<Parameters<typeof control.restoreGrants>[0]>(googleFile);
  if (saved) await control.restoreGrants(saved);

  const product = begin('dist/main.js', [], {
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    GOOGLE_URL: `http://${HOST}:${googlePort}`,
    BOOTSTRAP_ADMIN_EMAIL: EMAIL,
    BOOTSTRAP_ADMIN_PASSWORD: password,
    BOOTSTRAP_API_TOKEN: apiToken,
  });
  await product.ready;
  await seedProduct(createAdministrator({ urls: () => [publicUrl], apiToken, email: EMAIL, password }), companies);
  remember(dataDir, { ...remembered, port, googlePort });
  introduce(companies.map(({ domain, admin }) => `${admin.email} may consent for ${domain}`));

  const saveGrants = async () => writeJson(googleFile, await control.saveGrants());
  const saving = setInterval(() => saveGrants().catch(() => {}), SAVE_EVERY_MS);
  const productCode = await Promise.race([product.ended, google.ended]);
  clearInterval(saving);
  await saveGrants().catch(() => {});
  if (!stopping) throw new Error(`something ended by itself:\n${endOf(logFile)}`);
  return productCode;
}

function begin(file: string, args: string[], env: Record<string, string>): DemoChild {
  const child = startChild(path.join(root, file), args, { ...process.env, ...env }, logFile);
  children.push(child);
  return child;
}

function introduce(accounts: string[]): void {
  const portTaken = port === remembered.port ? '' : `  (port ${remembered.port} is taken)`;
  console.log(
    [
      '',
      `  Open      ${publicUrl}${portTaken}`,
      `  Sign in   ${EMAIL}`,
      `  Password  ${password}`,
      '',
      '  Then: Acme > Google Workspace > Complete the authorization > User sync > Sync now.',
      `  Google is a stand-in on this machine. ${accounts.join('; ')}.`,
      `  Everything is logged in ${path.relative(process.cwd(), logFile)}. Ctrl-C stops.`,
      '',
    ].join('\n'),
  );
}
