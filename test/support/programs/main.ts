import path from 'node:path';
import { runFromTerminal } from '../../../src/run-from-terminal.ts';

const program = (name: string) => path.join(import.meta.dirname, `${name}.ts`);

await runFromTerminal({ migrate: program('migrate'), server: program('server'), worker: program('worker') });
