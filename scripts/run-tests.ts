import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CHROMIUM_HINT, findChromium } from '../test/support/chromium.ts';

// Without arguments: format, lint, types and all tests. With arguments: only jest, with these. The last line is the sum.

type Totals = { passed: number; failed: number; skipped: number };

/** What we read of jest's result file: https://jestjs.io/docs/cli#--json */
type JestResult = {
  success: boolean;
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
};

const root = path.resolve(import.meta.dirname, '..');
const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);
const jestArguments = process.argv.slice(2);

const CHECKS: readonly { name: string; command: readonly string[] }[] = [
  { name: 'format', command: [bin('biome'), 'format', '.'] },
  { name: 'lint', command: ['npm', 'run', '--silent', 'lint'] },
  { name: 'types', command: [process.execPath, path.join(root, 'node_modules/typescript/bin/tsc')] },
];

if (!findChromium()) console.log(`tests: browser tests are skipped: ${CHROMIUM_HINT}`);

const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
if (jestArguments.length === 0) {
  for (const { name, command } of CHECKS) {
    const succeeded = (await run(command)) === 0;
    console.log(`${succeeded ? 'PASS' : 'FAIL'} ${name}`);
    totals[succeeded ? 'passed' : 'failed']++;
  }
}
add(totals, await runJest());
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 ? 1 : 0;

async function runJest(): Promise<Totals> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'pbx-jest-'));
  const file = path.join(directory, 'result.json');
  try {
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const code = await run([process.execPath, ...flags, jest, '--json', '--outputFile', file, ...jestArguments]);
    // A set-up that failed leaves no result; one failure then stands for all that did not run.
    if (!fs.existsSync(file)) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    const result = JSON.parse(fs.readFileSync(file, 'utf8')) as JestResult;
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: failed === 0 && code !== 0 ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function run([command = '', ...args]: readonly string[]): Promise<number> {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function add(sum: Totals, more: Totals): void {
  for (const key of ['passed', 'failed', 'skipped'] as const) sum[key] += more[key];
}
