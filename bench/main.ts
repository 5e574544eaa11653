// The product beside the plain scripts somebody would write instead: same directory, same database server, same run.
//   npm run bench -- [--people 10000] [--rounds 3]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { getAccessToken } from './access-token.ts';
import { type Ground, prepareGround } from './ground.ts';

const { values } = parseArgs({
  options: { people: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '3' } },
});
const people = Number(values.people);
const rounds = Number(values.rounds);
if (!Number.isInteger(people) || people < 10 || !Number.isInteger(rounds) || rounds < 1) {
  throw new Error('--people takes 10 or more, --rounds 1 or more');
}

type Measured = { seconds: number; peakMb: number | undefined; requests: number | undefined };

const runPlain = async (ground: Ground, mode: string): Promise<Measured> => {
  const before = await ground.listings();
  const token = await getAccessToken(ground.google, ground.company);
  const script = spawn(
    process.execPath,
    [
      path.join(import.meta.dirname, 'plain-sync.ts'),
      ...['--mode', mode, '--google', ground.google, '--token', token, '--database', ground.plainDatabaseUrl],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  script.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(script, 'close');
  if (code !== 0) throw new Error(`the plain script "${mode}" ended with ${code}`);
  const { seconds, peakMb } = JSON.parse(output) as { seconds: number; peakMb: number };
  return { seconds, peakMb, requests: (await ground.listings()) - before };
};

const emptyPlainTable = async (ground: Ground): Promise<void> => {
  const client = new pg.Client({ connectionString: ground.plainDatabaseUrl });
  await client.connect();
  await client.query('drop table if exists plain_user');
  await client.end();
};

const runProduct = async (ground: Ground, tenantId: string): Promise<Measured> => {
  const before = await ground.listings();
  const startedAt = performance.now();
  const runId = await ground.administrator.startRun(tenantId);
  const ended = ({ finishedAt }: { finishedAt: string | null }) => finishedAt !== null;
  const run = await ground.administrator.untilRun(tenantId, runId, 'the end of the run', ended, 600_000);
  const seconds = (performance.now() - startedAt) / 1000;
  if (run.state !== 'succeeded') throw new Error(`the run ended as ${run.state}: ${JSON.stringify(run.problem)}`);
  return { seconds, peakMb: ground.workerPeakMb(), requests: (await ground.listings()) - before };
};

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const results = new Map<string, Measured[]>();
const note = (name: string, measured: Measured): void => {
  results.set(name, [...(results.get(name) ?? []), measured]);
  console.log(`  ${name.padEnd(34)} ${measured.seconds.toFixed(2)} s`);
};

const ground = await prepareGround(people);
try {
  for (let round = 1; round <= rounds; round++) {
    console.log(`round ${round} of ${rounds}, ${people.toLocaleString('en')} people`);
    const tenantId = await ground.administrator.createTenant(`Round ${round}`, `round-${round}.example`);
    await ground.administrator.saveCredentials(tenantId, ground.company);
    await ground.administrator.authorize(tenantId, ground.company);
    await ground.administrator.chooseMode(tenantId, 'manual');

    note('plain: fetch and parse (rawjson)', await runPlain(ground, 'rawjson'));
    await emptyPlainTable(ground);
    note('plain: copy, first', await runPlain(ground, 'copy'));
    note('product: first sync', await runProduct(ground, tenantId));
    await emptyPlainTable(ground);
    await runPlain(ground, 'diff');
    note('plain: diff, unchanged', await runPlain(ground, 'diff'));
    note('product: unchanged sync', await runProduct(ground, tenantId));
  }

  console.log(`\n${people.toLocaleString('en')} people, median of ${rounds}`);
  console.log(`${'what'.padEnd(34)} ${'seconds'.padStart(8)} ${'peak MB'.padStart(8)} ${'pages'.padStart(6)}`);
  const secondsOf = (name: string) => median((results.get(name) ?? []).map(({ seconds }) => seconds));
  for (const [name, measured] of results) {
    const peak = median(measured.map(({ peakMb }) => peakMb ?? Number.NaN));
    const pages = median(measured.map(({ requests }) => requests ?? Number.NaN));
    console.log(
      `${name.padEnd(34)} ${secondsOf(name).toFixed(2).padStart(8)} ${String(peak).padStart(8)} ${String(pages).padStart(6)}`,
    );
  }
  const ratio = (product: string, plain: string, limit: number) => {
    const value = secondsOf(product) / secondsOf(plain);
    console.log(`${product} / ${plain}: ${value.toFixed(2)} (at most ${limit})`);
    return value <= limit;
  };
  const first = ratio('product: first sync', 'plain: copy, first', 4);
  const unchanged = ratio('product: unchanged sync', 'plain: diff, unchanged', 3);
  if (!first || !unchanged) process.exitCode = 1;
} finally {
  await ground.close();
}
