import { runSteps, runToEnd, runUntilStopped } from './ground.mjs';
import { setUp } from './setup.mjs';

await runSteps(
  setUp,
  () => runToEnd('scripts/temporal-cli.ts'),
  () => runToEnd('scripts/compile.ts'),
  () => runUntilStopped('scripts/demo/main.ts'),
);
