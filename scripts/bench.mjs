import { runSteps, runToEnd } from './ground.mjs';
import { setUp } from './setup.mjs';

await runSteps(
  setUp,
  () => runToEnd('scripts/temporal-cli.ts'),
  () => runToEnd('scripts/compile.ts'),
  () => runToEnd('bench/main.ts', process.argv.slice(2)),
);
