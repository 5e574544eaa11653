// Syncs a company again and again while its processes are killed and Google misbehaves.
//   npm run test:faults -- [--rounds 50] [--people 2000] [--seed <text>]
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { describeFaults, runFaults } from '../support/faults/fault-run.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    people: { type: 'string', default: '2000' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
  },
});
const rounds = Number(values.rounds);
const people = Number(values.people);
if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(people) || people < 20) {
  throw new Error('--rounds takes 1 or more, --people 20 or more');
}
console.log(`${people} people, seed ${values.seed}`);
const report = await runFaults({ seed: values.seed, people, rounds, say: (line) => console.log(line) });
console.log(`\n${describeFaults(report)}`);
if (report.violations.length > 0) {
  console.log(`\nThe same again: npm run test:faults -- --rounds ${rounds} --people ${people} --seed ${values.seed}`);
  process.exitCode = 1;
}
