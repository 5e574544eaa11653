import { runSteps, runToEnd } from './ground.mjs';
import { setUp } from './setup.mjs';

await runSteps(setUp, () => runToEnd('scripts/compile.ts', process.argv.slice(2)));
