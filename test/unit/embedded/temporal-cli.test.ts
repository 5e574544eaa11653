import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findTemporalCli, TEMPORAL_CLI_VERSION } from '../../../src/embedded/index.ts';

let root: string;
let cacheDir: string;
let lines: string[];
let servers: http.Server[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-cli-'));
  cacheDir = path.join(root, 'cache');
  lines = [];
  servers = [];
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  fs.rmSync(root, { recursive: true, force: true });
});

const cached = () => path.join(cacheDir, 'temporal-cli', TEMPORAL_CLI_VERSION, 'temporal');

/** A command that answers as given. */
function command(file: string, script: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

const temporal = (file: string, server = '1.29.1') =>
  command(file, `echo "temporal version 0.0.0-DEV (Server ${server}, UI 2.42.1)"`);

/** A Go that leaves what it "built" where it was told to, or fails. */
const go = (directory: string, succeeds = true) =>
  command(
    path.join(directory, 'go'),
    succeeds
      ? `echo "$@" > "${root}/go-arguments"\ncp "${temporal(path.join(root, 'built'))}" "$GOBIN/temporal"`
      : 'echo "go: no network" >&2; exit 1',
  );

async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nowhere = 'http://127.0.0.1:9';
const SYSTEM_PATH = '/usr/bin:/bin';

const find = (env: Record<string, string> = {}, downloadOrigin = nowhere, downloadPatienceMs = 300) =>
  findTemporalCli({
    ...{ env: { PATH: path.join(root, 'empty'), ...env }, cacheDir, downloadOrigin, downloadPatienceMs },
    log: (line) => lines.push(line),
  });

test('takes the given command before any other', async () => {
  const given = temporal(path.join(root, 'given'));
  temporal(path.join(root, 'bin', 'temporal'));
  temporal(cached());
  expect(await find({ TEMPORAL_CLI_PATH: given, PATH: path.join(root, 'bin') })).toBe(given);
});

test('refuses a given command that does not work instead of quietly taking another', async () => {
  temporal(cached());
  const given = path.join(root, 'missing');
  await expect(find({ TEMPORAL_CLI_PATH: given })).rejects.toThrow(
    `TEMPORAL_CLI_PATH is ${given}, which cannot be run`,
  );
});

test('takes the one on the PATH before the one in the cache', async () => {
  const installed = temporal(path.join(root, 'bin', 'temporal'));
  temporal(cached());
  expect(await find({ PATH: `${path.join(root, 'empty')}:${path.join(root, 'bin')}` })).toBe(installed);
});

test('passes over one on the PATH whose server is too old, and says so', async () => {
  const installed = temporal(path.join(root, 'bin', 'temporal'), '1.24.2');
  temporal(cached());
  expect(await find({ PATH: path.join(root, 'bin') })).toBe(cached());
  expect(lines).toEqual([`${installed} brings server 1.24, but 1.29 or newer is needed: looking further`]);
});

test('takes the one in the cache before a download', async () => {
  temporal(cached());
  expect(await find()).toBe(cached());
});

test('downloads the pinned version into the cache and finds it there the next time', async () => {
  temporal(path.join(root, 'archive', 'temporal'));
  const archive = path.join(root, 'archive.tar.gz');
  spawnSync('tar', ['-czf', archive, '-C', path.join(root, 'archive'), 'temporal']);
  const asked: string[] = [];
  const origin = await serve((request, response) => {
    asked.push(request.url ?? '');
    fs.createReadStream(archive).pipe(response);
  });
  expect(await find({}, origin, 5_000)).toBe(cached());
  expect(await find({}, origin, 5_000)).toBe(cached());
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatch(new RegExp(`^/cli/archive/v${TEMPORAL_CLI_VERSION}\\?platform=\\w+&arch=\\w+$`));
  expect(fs.readdirSync(path.dirname(cached()))).toEqual(['temporal']);
});

test('builds it with Go when the download cannot be reached', async () => {
  go(path.join(root, 'bin'));
  expect(await find({ PATH: `${path.join(root, 'bin')}:${SYSTEM_PATH}` })).toBe(cached());
  expect(fs.readFileSync(path.join(root, 'go-arguments'), 'utf8')).toContain(
    `install -v -ldflags=-s -w github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`,
  );
  expect(lines[0]).toContain('could not be downloaded');
  expect(lines[1]).toContain('building the Temporal command');
});

test('gives up a download that does not answer and builds instead', async () => {
  go(path.join(root, 'bin'));
  const silent = await serve(() => {});
  expect(await find({ PATH: `${path.join(root, 'bin')}:${SYSTEM_PATH}` }, silent)).toBe(cached());
  expect(lines[0]).toContain('no answer in time');
});

test.each([
  ['is no archive', (response: http.ServerResponse) => response.end('<html>sign in to the network</html>')],
  ['is refused', (response: http.ServerResponse) => response.writeHead(403).end()],
  ['breaks off', (response: http.ServerResponse) => response.write('some', () => response.destroy())],
])('leaves nothing half-made when the download %s', async (_what, answer) => {
  go(path.join(root, 'bin'), false);
  const origin = await serve((_request, response) => void answer(response));
  await expect(find({ PATH: `${path.join(root, 'bin')}:${SYSTEM_PATH}` }, origin, 5_000)).rejects.toThrow(
    /There is no Temporal server to run.*Go could not build it: go: no network.*set TEMPORAL_CLI_PATH/,
  );
  expect(fs.readdirSync(path.dirname(cached()))).toEqual([]);
});

test('stops at once when it is given up', async () => {
  const silent = await serve(() => {});
  const giveUp = new AbortController();
  const search = findTemporalCli({
    ...{ env: { PATH: path.join(root, 'empty') }, cacheDir, downloadOrigin: silent, downloadPatienceMs: 60_000 },
    log: () => {},
    signal: giveUp.signal,
  });
  giveUp.abort(new Error('given up'));
  await expect(search).rejects.toThrow('given up');
});
