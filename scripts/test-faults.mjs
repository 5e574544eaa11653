import { runSteps, runToEnd } from './ground.mjs';
import { setUp } from './setup.mjs';

await runSteps(
  setUp,
  () => runToEnd('scripts/temporal-cli.ts'),
  () => runToEnd('scripts/compile.ts'),
  () => runToEnd('test/faults/main.ts', process.argv.slice(2)),
);
