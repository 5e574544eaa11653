import { runProgram } from './run-program.ts';
import { runWorker } from './run-worker.ts';

await runProgram((config) => runWorker(config, {}));
