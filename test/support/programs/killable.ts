import path from 'node:path';
import type { ProcessConfig } from '../../../src/config.ts';
import type { OnCheckpoint } from '../../../src/user-sync/index.ts';

// The server or the worker as an operator runs it, from dist/, but for one thing: told `<checkpoint>:<before|after>` by
// FAULT_KILL_AT or over its channel, it kills itself there, as hard as `kill -9` does.

type Run = (config: ProcessConfig, options: { onCheckpoint: OnCheckpoint }) => Promise<void>;

const dist = path.resolve(import.meta.dirname, '../../../dist');
const name = process.argv[2] === 'server' ? 'server' : 'worker';
const { runProgram } = (await import(path.join(dist, 'run-program.js'))) as {
  runProgram(run: (config: ProcessConfig) => Promise<void>): Promise<void>;
};
const program = (await import(path.join(dist, `run-${name}.js`))) as Record<string, Run>;
const run = program[name === 'server' ? 'runServer' : 'runWorker'];
if (!run) throw new Error(`dist has no ${name}`);

let killAt = process.env.FAULT_KILL_AT ?? '';
process.on('message', (point) => {
  killAt = String(point);
});
const onCheckpoint: OnCheckpoint = (checkpoint, moment) => {
  if (killAt === `${checkpoint}:${moment}`) process.kill(process.pid, 'SIGKILL');
};

await runProgram((config) => run(config, { onCheckpoint }));
