import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { canReach } from '../../../src/embedded/database-user.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/embedded/index.ts';
import { identifyProcess } from '../../../src/embedded/process-identity.ts';
import { type EmbeddedGround, enterGround } from '../../support/embedded-ground.ts';

const NOBODY = { name: 'nobody', uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
const whenRoot = isRoot ? test : test.skip;
const whenNobodyCanRunUs = isRoot && canReach(NOBODY, import.meta.dirname) ? test : test.skip;

let root: string;
let dataDir: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-postgres-'));
  dataDir = path.join(root, 'data');
  fs.chmodSync(root, 0o755);
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const open = (ground: EmbeddedGround) => startEmbeddedPostgres({ ...ground, durable: false });

async function withPostgres<T>(work: (postgres: EmbeddedPostgres, ground: EmbeddedGround) => Promise<T>): Promise<T> {
  const ground = await enterGround(dataDir);
  try {
    const postgres = await open(ground);
    try {
      return await work(postgres, ground);
    } finally {
      await postgres.stop();
    }
  } finally {
    await ground.leave();
  }
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('connects as a role that owns its database and is no superuser', async () => {
  await withPostgres(async ({ url }) => {
    const [role] = await query(
      url,
      `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
              (select datdba::regrole::text from pg_database where datname = current_database()) as owner
         from pg_roles where rolname = current_user`,
    );
    const none = {
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolbypassrls: false,
    };
    expect(role).toEqual({ ...none, owner: 'pbx' });
    await expect(query(url, "copy (select 1) to program 'true'")).rejects.toThrow('permission denied');
    await expect(query(url, 'select rolpassword from pg_authid')).rejects.toThrow('permission denied');
  });
});

test('lets a trusted extension be created and folds the case of every script', async () => {
  await withPostgres(async ({ url }) => {
    await query(url, 'create extension pg_trgm');
    expect(await query(url, "select lower('ÉLODIE ΑΘΗΝΑ ЖАННА') as folded")).toEqual([
      { folded: 'élodie αθηνα жанна' },
    ]);
  });
});

test('refuses a wrong password and one in the clear, and keeps the right ones for this user only', async () => {
  await withPostgres(async ({ url }) => {
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
    expect(await query(url, 'select distinct auth_method from pg_hba_file_rules').catch(() => 'hidden')).toBe('hidden');
    const secrets = path.join(dataDir, 'secrets');
    expect(fs.statSync(secrets).mode & 0o777).toBe(0o700);
    for (const name of ['postgres-application-password', 'postgres-superuser-password']) {
      expect(fs.statSync(path.join(secrets, name)).mode & 0o777).toBe(0o600);
    }
    const superuser = new URL(url);
    superuser.username = 'postgres';
    superuser.password = fs.readFileSync(path.join(secrets, 'postgres-superuser-password'), 'utf8').trim();
    const rules = await query(superuser.href, 'select distinct auth_method from pg_hba_file_rules');
    expect(rules).toEqual([{ auth_method: 'scram-sha-256' }]);
    const settings = await query(
      superuser.href,
      "select current_setting('unix_socket_directories') as sockets, current_setting('listen_addresses') as addresses",
    );
    expect(settings).toEqual([{ sockets: '', addresses: '127.0.0.1' }]);
  });
});

test('keeps its data, its password and its port from one start to the next', async () => {
  const first = await withPostgres(async ({ url }) => {
    await query(url, 'create table kept as select 42 as answer');
    return url;
  });
  await withPostgres(async ({ url }) => {
    expect(url).toBe(first);
    expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });
});

test('moves to another port when its own was taken meanwhile', async () => {
  const first = await withPostgres(async ({ url }) => new URL(url));
  const squatter = net.createServer().listen(Number(first.port), '127.0.0.1');
  try {
    await withPostgres(async ({ url }) => {
      expect(new URL(url).port).not.toBe(first.port);
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    });
  } finally {
    squatter.close();
  }
});

test('begins anew where creating the database was interrupted', async () => {
  fs.mkdirSync(path.join(dataDir, 'postgres.unfinished', 'data'), { recursive: true });
  await withPostgres(async ({ url }) => expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]));
  expect(fs.existsSync(path.join(dataDir, 'postgres.unfinished'))).toBe(false);
});

test('says what the server said when the data is damaged', async () => {
  await withPostgres(async () => {});
  fs.rmSync(path.join(dataDir, 'postgres', 'global', 'pg_control'));
  await expect(withPostgres(async () => {})).rejects.toThrow(/did not start \(exit code 2\):.*pg_control/s);
});

whenRoot('hands the server to another user when started by root', async () => {
  await withPostgres(async (_postgres, { dataDir: at }) => {
    const [pid] = fs.readFileSync(path.join(at, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    expect(fs.statSync(`/proc/${pid}`).uid).not.toBe(0);
    expect(identifyProcess(Number(pid))).toBeDefined();
  });
});

whenRoot('keeps the database where its user can reach it when root starts it below a closed directory', async () => {
  fs.chmodSync(root, 0o700);
  const cluster = path.join(dataDir, 'postgres');
  try {
    const first = await withPostgres(async ({ url }) => {
      await query(url, 'create table kept ()');
      return url;
    });
    expect(fs.lstatSync(cluster).isSymbolicLink()).toBe(true);
    await withPostgres(async ({ url }) => {
      expect(url).toBe(first);
      expect(await query(url, "select to_regclass('kept') as kept")).toEqual([{ kept: 'kept' }]);
    });
  } finally {
    fs.rmSync(fs.realpathSync(cluster), { recursive: true, force: true });
  }
});

whenNobodyCanRunUs('runs for a plain user as that user', () => {
  const own = path.join(root, 'own');
  fs.mkdirSync(own);
  fs.chownSync(own, NOBODY.uid, NOBODY.gid);
  const program = path.join(import.meta.dirname, '..', '..', 'support', 'programs', 'postgres-round.ts');
  const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    ...NOBODY,
    cwd: own,
    env: { DATA_DIR: path.join(own, 'data'), CACHE_DIR: path.join(own, 'cache'), HOME: own },
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual({ superuser: false });
  expect(fs.statSync(path.join(own, 'data', 'postgres')).uid).toBe(NOBODY.uid);
});
