import { expect, test } from '@jest/globals';
import { describeFaults, runFaults } from '../support/faults/fault-run.ts';

const SEED = process.env.FAULT_SEED ?? 'in-short';

// The long form is `npm run test:faults`: 50 rounds, 2,000 people, every kill point.
test(`a few rounds of killed processes and a bad Google leave exactly the right people (seed ${SEED})`, async () => {
  const said: string[] = [];
  const report = await runFaults({ seed: SEED, people: 600, rounds: 3, points: 3, say: (line) => said.push(line) });
  expect({ violations: report.violations, said, figures: describeFaults(report) }).toMatchObject({ violations: [] });
  expect(report.points.hit).toBe(3);
}, 300_000);
