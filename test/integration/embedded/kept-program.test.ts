import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type KeptProgram, startKeptProgram } from '../../../src/embedded/index.ts';
import { type EmbeddedGround, enterGround } from '../../support/embedded-ground.ts';
import { eventually } from '../../support/house.ts';

let dataDir: string;
let ground: EmbeddedGround;
let program: KeptProgram | undefined;

beforeEach(async () => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-kept-'));
  ground = await enterGround(dataDir);
});

afterEach(async () => {
  await program?.stop();
  await ground.leave();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

/** A program that notes each start and then does as told. */
function start(body: string, restarts = { atMost: 2, withinMs: 60_000, pauseMs: 1 }) {
  const file = path.join(dataDir, 'program.mjs');
  fs.writeFileSync(file, `import fs from 'node:fs'; fs.appendFileSync('${dataDir}/starts', '.'); ${body}`);
  return startKeptProgram({ ...ground, name: 'program', file, env: {}, graceMs: 5_000, restarts });
}

const starts = () => fs.readFileSync(path.join(dataDir, 'starts'), 'utf8').length;

test('gives up after too many crashes in too short a time, and says how many', async () => {
  program = await start("process.send('ready', () => process.exit(3));");
  expect(await program.gaveUp).toBe('The program ended unexpectedly (exit code 3), 3 times within 60 s.');
  expect(starts()).toBe(3);
});

test('forgets crashes that are long ago', async () => {
  program = await start("process.send('ready', () => process.exit(3));", { atMost: 1, withinMs: 1, pauseMs: 5 });
  await eventually('it was started many times', () => starts() >= 4);
});

test('waits twice as long before each further start', async () => {
  program = await start("process.send('ready', () => process.exit(3));");
  await program.gaveUp;
  const pauses = ground.lines.map((line) => /again in ([\d.]+) s/.exec(line)?.[1]).filter(Boolean);
  expect(pauses).toEqual(['0.001', '0.002']);
});

test('does not start again what was asked to stop', async () => {
  program = await start("process.send('ready'); setInterval(() => {}, 60_000);");
  await program.stop();
  expect(starts()).toBe(1);
});

test('kills what does not stop in time', async () => {
  const file = path.join(dataDir, 'deaf.mjs');
  fs.writeFileSync(file, "process.on('SIGTERM', () => {}); setInterval(() => {}, 60_000); process.send('ready');");
  program = await startKeptProgram({ ...ground, name: 'deaf', file, env: {}, graceMs: 50 });
  await program.stop();
  expect(JSON.parse(fs.readFileSync(path.join(dataDir, 'children.json'), 'utf8'))).toEqual([]);
});

test('gives up waiting for the first start when told so', async () => {
  const file = path.join(dataDir, 'silent.mjs');
  fs.writeFileSync(file, 'setInterval(() => {}, 60_000);');
  const signal = AbortSignal.timeout(20);
  await expect(startKeptProgram({ ...ground, name: 'silent', file, env: {}, graceMs: 50, signal })).rejects.toThrow();
  expect(JSON.parse(fs.readFileSync(path.join(dataDir, 'children.json'), 'utf8'))).toEqual([]);
});
