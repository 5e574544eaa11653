import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { canReach, SHARED_STATE, type SystemUser } from './database-user.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { scramVerifier } from './scram-verifier.ts';
import { StartupError } from './startup-error.ts';

/** The role of the application and the database that it owns. */
export const APPLICATION = 'pbx';

/** Postgres reads PG* and LC_* variables; none of the caller's may reach it. */
export const POSTGRES_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export type ClusterOptions = {
  /** Where the database shall stand. */
  directory: string;
  binaries: PostgresBinaries;
  user: SystemUser | undefined;
  superuserPassword: string;
  applicationPassword: string;
  /** Lets the application's role create databases, which tests need. */
  createDatabases: boolean;
  /** False skips waiting for the disk. */
  durable: boolean;
};

/**
 * Makes a database cluster with a superuser (scram, generated password) and a plain role that owns the application's
 * database. It grows next to its place and moves there when finished, so one that was interrupted is never used.
 */
export async function createCluster(options: ClusterOptions): Promise<void> {
  const { directory, binaries, user, durable } = options;
  const place = placeFor(directory, user);
  const workshop = `${place}.unfinished`;
  const data = path.join(workshop, 'data');
  const passwordFile = path.join(workshop, 'password');
  fs.rmSync(workshop, { recursive: true, force: true });
  fs.mkdirSync(workshop, { mode: 0o700 });
  try {
    fs.writeFileSync(passwordFile, options.superuserPassword, { mode: 0o600 });
    if (user) for (const given of [workshop, passwordFile]) fs.chownSync(given, user.uid, user.gid);
    await run(
      binaries.initdb,
      [
        ...['-D', data, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
        // The builtin provider folds the case of every script and sorts the same on every machine.
        ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...(durable ? [] : ['--no-sync']),
      ],
      user,
    );
    await run(
      binaries.postgres,
      [
        ...['--single', '-D', data, '-c', 'exit_on_error=on', '-c', 'log_min_error_statement=panic'],
        ...(durable ? [] : ['-c', 'fsync=off']),
        'postgres',
      ],
      user,
      applicationRole(options),
    );
    fs.renameSync(data, place);
    if (place !== directory) fs.symlinkSync(place, directory);
  } finally {
    fs.rmSync(workshop, { recursive: true, force: true });
  }
}

/**
 * The place itself, or one under /var/lib (with a symlink from the place) when the database's user cannot get into
 * the data directory, as with a checkout below /root.
 */
function placeFor(directory: string, user: SystemUser | undefined): string {
  fs.rmSync(directory, { force: true });
  if (!user || canReach(user, path.dirname(directory))) return directory;
  fs.mkdirSync(SHARED_STATE, { recursive: true, mode: 0o755 });
  return path.join(SHARED_STATE, `postgres-${randomUUID()}`);
}

function applicationRole({ applicationPassword, createDatabases }: ClusterOptions): string {
  const rights = createDatabases ? 'login createdb' : 'login';
  return [
    `create role ${APPLICATION} ${rights} password '${scramVerifier(applicationPassword)}'`,
    `create database ${APPLICATION} owner ${APPLICATION}`,
    '',
  ].join('\n');
}

function run(file: string, args: string[], user: SystemUser | undefined, input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { env: POSTGRES_ENV, cwd: '/', timeout: 120_000, ...(user && { uid: user.uid, gid: user.gid }) },
      (error, _stdout, stderr) => {
        if (!error) return resolve();
        const said = stderr.trim() || error.message;
        reject(new StartupError(`The embedded database could not be created: ${said}`));
      },
    );
    child.stdin?.end(input);
  });
}
