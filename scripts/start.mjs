import { runSteps, runToEnd, runUntilStopped } from './ground.mjs';
import { setUp } from './setup.mjs';

await runSteps(
  setUp,
  () => runToEnd('scripts/compile.ts'),
  () => runUntilStopped('dist/main.js'),
);
