import path from 'node:path';
import { runFromTerminal } from './run-from-terminal.ts';

const program = (name: string) => path.join(import.meta.dirname, `${name}${path.extname(import.meta.filename)}`);

await runFromTerminal({ migrate: program('migrate'), server: program('server'), worker: program('worker') });
