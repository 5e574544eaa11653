import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identifyProcess } from '../../../src/embedded/process-identity.ts';
import { events, eventually, type Ground, type House, newGround, residents, startHouse } from '../../support/house.ts';
import { suite } from '../../support/suite.ts';

let ground: Ground;
let houses: House[];

beforeEach(() => {
  ground = newGround();
  houses = [];
});

afterEach(async () => {
  for (const house of houses) {
    house.supervisor.kill('SIGTERM');
    await house.ended();
  }
  ground.clear();
});

function open(env?: Record<string, string>): House {
  const house = startHouse(ground, env);
  houses.push(house);
  return house;
}

/** Servers from outside make a start quick where nothing embedded is looked at. */
const withServersFromOutside = () => ({
  DATABASE_URL: suite().databaseUrl,
  TEMPORAL_ADDRESS: suite().temporalAddress,
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
});

async function openedHouse(env?: Record<string, string>): Promise<House> {
  const house = open(env);
  await house.ready();
  return house;
}

const runs = (pid: number | undefined) => pid !== undefined && identifyProcess(pid) !== undefined;
const given = (name: string) => JSON.parse(fs.readFileSync(path.join(ground.notes, `${name}.json`), 'utf8'));

test('starts everything in order and stops it in the reverse order', async () => {
  const house = await openedHouse();
  const pids = Object.values(residents(ground));
  expect(Object.keys(residents(ground)).sort()).toEqual(['postgres', 'server', 'temporal', 'worker']);
  expect(events(ground)[0]).toBe('migrate runs');

  house.supervisor.kill('SIGINT');
  expect(await house.ended()).toBe(0);
  expect(events(ground).slice(-2)).toEqual(['server stops', 'worker stops']);
  expect(pids.filter(runs)).toEqual([]);
  expect(fs.existsSync(path.join(ground.data, 'children.json'))).toBe(false);
});

test('goes on with the same database, port and keys at the next start, and never prints a secret', async () => {
  const first = await openedHouse();
  const before = given('server');
  first.supervisor.kill('SIGTERM');
  await first.ended();

  await openedHouse();
  const after = given('server');
  expect(after.databaseUrl).toBe(before.databaseUrl);
  expect(after.encryptionKeys).toBe(before.encryptionKeys);
  expect(given('worker')).toEqual(after);
  expect(first.output()).not.toContain(new URL(before.databaseUrl).password);
  expect(first.output()).not.toContain(before.encryptionKeys.split(':')[1]);
});

test('leaves no process behind when the supervisor is killed, and starts again on the same data', async () => {
  const killed = await openedHouse();
  const pids = residents(ground);
  killed.supervisor.kill('SIGKILL');
  await killed.ended();
  await eventually('every child is gone', () => !Object.values(pids).some(runs));
  expect(events(ground).slice(-2)).toEqual(['server stops', 'worker stops']);

  const next = await openedHouse();
  expect(next.output()).toContain('ready at');
});

test('stops what a killed supervisor left over when the guard was killed with it', async () => {
  const killed = await openedHouse();
  const pids = residents(ground);
  for (const guard of childrenOf(killed.supervisor.pid)) {
    if (!Object.values(pids).includes(guard)) process.kill(guard, 'SIGKILL');
  }
  killed.supervisor.kill('SIGKILL');
  await killed.ended();
  expect(Object.values(pids).every(runs)).toBe(true);

  await openedHouse();
  expect(Object.values(pids).some(runs)).toBe(false);
});

test('stops by itself when whoever started it over a channel is gone', async () => {
  const house = await openedHouse(withServersFromOutside());
  house.supervisor.disconnect();
  expect(await house.ended()).toBe(0);
});

test('embeds nothing when database and Temporal are given from outside', async () => {
  const outside = withServersFromOutside();
  await openedHouse(outside);
  expect(Object.keys(residents(ground)).sort()).toEqual(['server', 'worker']);
  expect(given('worker')).toEqual({
    databaseUrl: outside.DATABASE_URL,
    temporalAddress: outside.TEMPORAL_ADDRESS,
    encryptionKeys: outside.ENCRYPTION_KEYS,
  });
});

test('refuses a second start on the same data and names the holder', async () => {
  const first = await openedHouse(withServersFromOutside());
  const second = open();
  expect(await second.ended()).toBe(1);
  expect(second.output()).toContain(`in use by process ${first.supervisor.pid} on `);
  expect(Object.values(residents(ground)).every(runs)).toBe(true);
});

test('starts a crashed worker again and leaves the others alone', async () => {
  await openedHouse(withServersFromOutside());
  const before = residents(ground);
  process.kill(before.worker ?? 0, 'SIGKILL');
  await eventually('another worker runs', () => runs(residents(ground).worker) && !runs(before.worker));
  const { worker, ...others } = residents(ground);
  expect(worker).not.toBe(before.worker);
  expect(before).toMatchObject(others);
});

test('ends with one clear sentence when the server crashes at its start', async () => {
  fs.writeFileSync(path.join(ground.notes, 'server-crashes-at-start'), '');
  const house = open(withServersFromOutside());
  expect(await house.ended()).toBe(1);
  expect(house.output()).toContain('The server ended before it was ready (exit code 7), see above.');
  expect(events(ground)).toContain('worker stops');
});

test.each(['postgres', 'temporal'])('stops everything with a clear sentence when %s crashes', async (name) => {
  const house = await openedHouse();
  const pids = residents(ground);
  process.kill(pids[name] ?? 0, 'SIGKILL');
  expect(await house.ended()).toBe(1);
  expect(house.output()).toMatch(/The embedded (database|Temporal server) ended unexpectedly \(signal SIGKILL\)/);
  expect(Object.values(pids).some(runs)).toBe(false);
});

test('stops in the middle of a start without leaving anything', async () => {
  const house = open();
  await eventually('the database was begun', () => house.output().includes('creating the database'));
  house.supervisor.kill('SIGINT');
  expect(await house.ended()).toBe(0);
  expect(fs.existsSync(path.join(ground.data, 'children.json'))).toBe(false);
  await openedHouse();
});

test('names every mistake of the configuration and starts nothing', async () => {
  const house = open({ PORT: 'high', LOG_LEVEL: 'loud' });
  expect(await house.ended()).toBe(1);
  expect(house.output()).toContain('PORT:');
  expect(house.output()).toContain('LOG_LEVEL:');
  expect(fs.existsSync(ground.data)).toBe(false);
});

function childrenOf(pid: number | undefined): number[] {
  const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list.split(' ').filter(Boolean).map(Number);
}
