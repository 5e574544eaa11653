import { runProgram } from './run-program.ts';
import { runServer } from './run-server.ts';

await runProgram((config) => runServer(config, {}));
