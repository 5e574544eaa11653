// Runs the tests of the workflows and keeps the histories that are new in their course, for test/replay.
//   npm run record-histories             adds what is new
//   npm run record-histories -- --anew   forgets all others first: only while no released workflow can remember them
import fs from 'node:fs';
import path from 'node:path';
import { root, runSteps, runToEnd } from './ground.mjs';
import { setUp } from './setup.mjs';

process.env.RECORD_HISTORIES = 'yes';
if (process.argv.includes('--anew'))
  fs.rmSync(path.join(root, 'test/replay/histories'), { recursive: true, force: true });

await runSteps(
  setUp,
  () => runToEnd('scripts/temporal-cli.ts'),
  () => runToEnd('scripts/compile.ts'),
  () => runToEnd('scripts/run-tests.ts', ['test/workflows', '--runInBand']),
);
