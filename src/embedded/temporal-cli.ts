import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Log } from './child-process.ts';
import { StartupError } from './startup-error.ts';

/** The newest version that `go install` can build: later ones have a replaced module in their go.mod. */
export const TEMPORAL_CLI_VERSION = '1.5.1';

/** Older servers lack what we rely on: fairness and priority, update-with-start. */
const OLDEST_SERVER = [1, 29] as const;

const PROGRESS_EVERY_MS = 10_000;

export type FindTemporalCliOptions = {
  /**
   * `TEMPORAL_CLI_PATH`: when given, nothing else is tried. `PATH`: where `temporal` and `go` are looked for.
   * Go itself gets all of it.
   */
  env: Readonly<Record<string, string | undefined>>;
  cacheDir: string;
  /** Progress for the person at the terminal. */
  log: Log;
  /** Where Temporal publishes the command. */
  downloadOrigin?: string;
  /** How long the download may take to answer, and to stand still later. */
  downloadPatienceMs?: number;
  /** Aborted to give up: nothing half-made is left. */
  signal?: AbortSignal;
};

/**
 * The `temporal` command: the given one, the one on the PATH, the one in our cache, else downloaded into the cache,
 * else built into the cache with Go.
 *
 * @throws StartupError when none of these works; the message says what each lacked.
 */
export async function findTemporalCli(options: FindTemporalCliOptions): Promise<string> {
  const { env, cacheDir, log } = options;
  const explicitPath = env.TEMPORAL_CLI_PATH;
  if (explicitPath) {
    const problem = await problemWith(explicitPath);
    if (!problem) return explicitPath;
    throw new StartupError(`TEMPORAL_CLI_PATH is ${explicitPath}, which ${problem}.`);
  }
  const installed = findExecutable('temporal', env.PATH);
  if (installed) {
    const problem = await problemWith(installed);
    if (!problem) return installed;
    log(`${installed} ${problem}: looking further`);
  }
  const cached = path.join(cacheDir, 'temporal-cli', TEMPORAL_CLI_VERSION, commandName());
  if (fs.existsSync(cached) && !(await problemWith(cached))) return cached;

  options.signal?.throwIfAborted();
  const download = await attempt(() => downloadCli(options, cached));
  if (!download) return cached;
  options.signal?.throwIfAborted();
  log(`the Temporal command could not be downloaded (${download}): building it with Go`);
  const build = await attempt(() => buildCli(options, cached));
  if (!build) return cached;
  options.signal?.throwIfAborted();
  throw new StartupError(
    `There is no Temporal server to run. The download failed (${download}); ${build}. ` +
      'Install the Temporal CLI (https://docs.temporal.io/cli) and set TEMPORAL_CLI_PATH to it, install Go, ' +
      'or set TEMPORAL_ADDRESS to a running server.',
  );
}

/** Returns why it failed, or undefined when it worked. */
async function attempt(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    const cause = error.cause instanceof Error ? error.cause.message : '';
    return cause ? `${error.message}: ${cause}` : error.message;
  }
}

function commandName(): string {
  return process.platform === 'win32' ? 'temporal.exe' : 'temporal';
}

function findExecutable(name: string, searchPath = ''): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const directory of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(directory)) continue;
    const candidate = path.join(directory, file);
    try {
      fs.accessSync(candidate, fs.constants.X_OK);
      if (fs.statSync(candidate).isFile()) return candidate;
    } catch {
      // Not there, or not for us.
    }
  }
  return undefined;
}

/** What keeps this command from serving us, as the end of a sentence; undefined when it serves. */
async function problemWith(command: string): Promise<string | undefined> {
  const version = await new Promise<string>((resolve) => {
    execFile(command, ['--version'], { timeout: 15_000 }, (error, stdout) => resolve(error ? '' : stdout));
  });
  // A command built with `go install` calls itself 0.0.0-DEV, but always names its server.
  const server = /Server (\d+)\.(\d+)/.exec(version);
  if (!server) return 'cannot be run or is not the Temporal command';
  const [major, minor] = [Number(server[1]), Number(server[2])];
  const isOld = major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1]);
  return isOld ? `brings server ${major}.${minor}, but ${OLDEST_SERVER.join('.')} or newer is needed` : undefined;
}

async function downloadCli(options: FindTemporalCliOptions, target: string): Promise<void> {
  const { log, downloadOrigin = 'https://temporal.download', downloadPatienceMs = 5_000 } = options;
  const platform = { linux: 'linux', darwin: 'darwin' }[process.platform as string];
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (!platform || !arch) throw new Error(`no archive for ${process.platform} ${process.arch}`);
  const url = `${downloadOrigin}/cli/archive/v${TEMPORAL_CLI_VERSION}?platform=${platform}&arch=${arch}`;

  const stalled = new AbortController();
  const patience = setTimeout(() => stalled.abort(new Error('no answer in time')), downloadPatienceMs);
  try {
    const signal = AbortSignal.any([stalled.signal, ...(options.signal ? [options.signal] : [])]);
    const response = await fetch(url, { signal });
    if (!response.ok || !response.body) throw new Error(`${new URL(url).host} answered ${response.status}`);
    log(`downloading the Temporal command ${TEMPORAL_CLI_VERSION}`);
    const body = Readable.fromWeb(response.body);
    body.on('data', () => patience.refresh());
    await install(target, async (workshop) => {
      const tar = spawn('tar', ['-xzf', '-', '-C', workshop, commandName()], { stdio: ['pipe', 'ignore', 'ignore'] });
      const unpacked = exitOf(tar);
      await Promise.all([pipeline(body, tar.stdin), unpacked]);
      if ((await unpacked) !== 0) throw new Error('the downloaded archive could not be unpacked');
    });
  } catch (error) {
    if (stalled.signal.aborted) throw stalled.signal.reason;
    throw error;
  } finally {
    clearTimeout(patience);
  }
}

async function buildCli({ env, log, signal }: FindTemporalCliOptions, target: string): Promise<void> {
  const go = findExecutable('go', [env.PATH, '/usr/local/go/bin'].join(path.delimiter));
  if (!go) throw new Error('Go was not found to build it');
  log(`building the Temporal command ${TEMPORAL_CLI_VERSION} with Go; this takes 3 to 10 minutes, once`);
  await install(target, async (workshop) => {
    const module = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;
    const build = spawn(go, ['install', '-v', '-ldflags=-s -w', module], {
      env: { ...env, GOBIN: workshop, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal && { signal }),
    });
    const started = performance.now();
    let last = '';
    let steps = 0;
    readline.createInterface({ input: build.stderr }).on('line', (line) => {
      last = line;
      steps++;
    });
    const progress = setInterval(() => {
      const seconds = Math.round((performance.now() - started) / 1000);
      log(`building the Temporal command: ${seconds} s, step ${steps}, ${last}`);
    }, PROGRESS_EVERY_MS);
    const code = await exitOf(build).finally(() => clearInterval(progress));
    if (code !== 0) throw new Error(`Go could not build it: ${last}`);
  });
}

/** Fills a directory next to the target, checks the command in it and moves it into place in one step. */
async function install(target: string, fill: (workshop: string) => Promise<void>): Promise<void> {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const workshop = fs.mkdtempSync(path.join(path.dirname(target), 'unfinished-'));
  try {
    await fill(workshop);
    const made = path.join(workshop, commandName());
    const problem = await problemWith(made);
    if (problem) throw new Error(`what came out ${problem}`);
    fs.renameSync(made, target);
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true });
  }
}

function exitOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
