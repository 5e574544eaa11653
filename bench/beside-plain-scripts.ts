import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pg from 'pg';
import { getAccessToken } from './access-token.ts';
import { type Ground, prepareGround } from './ground.ts';
import { connectedTenant, type Measured, runProduct } from './product.ts';
import { type Line, median } from './report.ts';

/** What one round of a size measured, by name. */
type Results = Map<string, Measured[]>;

const runPlain = async (ground: Ground, mode: string): Promise<Measured> => {
  const [company] = ground.companies;
  if (!company) throw new Error('Google has no company');
  const before = await ground.requests();
  const token = await getAccessToken(ground.google, company);
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
  return { seconds, peakMb, requests: (await ground.requests()).listings - before.listings };
};

const emptyPlainTable = async (ground: Ground): Promise<void> => {
  const client = new pg.Client({ connectionString: ground.plainDatabaseUrl });
  await client.connect();
  await client.query('drop table if exists plain_user');
  await client.end();
};

const note = (results: Results, name: string, measured: Measured): void => {
  results.set(name, [...(results.get(name) ?? []), measured]);
  const phases = Object.entries(measured.phases ?? {}).map(([phase, seconds]) => `${phase} ${seconds.toFixed(2)}`);
  console.log(`  ${name.padEnd(34)} ${measured.seconds.toFixed(2)} s ${phases.join(', ')}`);
};

const COPY = 'plain: copy, first';
const DIFF = 'plain: diff, unchanged';
const FIRST = 'product: first sync';
const UNCHANGED = 'product: unchanged sync';
const OTHER_RULES = 'product: sync by other rules';

export type Size = { people: number; lines: Line[]; workerPeakMb: number | undefined; firstSeconds: number };

/** The product beside the plain scripts, on the same directory and database server, one after the other. */
export const measureSize = async (people: number, rounds: number): Promise<Size> => {
  const ground = await prepareGround([{ domain: 'acme.example', people }]);
  try {
    const results: Results = new Map();
    const wasted = { writes: 0, photos: 0 };
    for (let round = 1; round <= rounds; round++) {
      console.log(`round ${round} of ${rounds}, ${people.toLocaleString('en')} people`);
      const [company] = ground.companies;
      if (!company) throw new Error('Google has no company');
      const tenantId = await connectedTenant(ground, company, `Round ${round}`);

      note(results, 'plain: fetch and parse (rawjson)', await runPlain(ground, 'rawjson'));
      await emptyPlainTable(ground);
      note(results, COPY, await runPlain(ground, 'copy'));
      note(results, FIRST, await runProduct(ground, tenantId));
      await emptyPlainTable(ground);
      await runPlain(ground, 'diff');
      note(results, DIFF, await runPlain(ground, 'diff'));
      const mark = await ground.figures.mark();
      const { photos } = await ground.requests();
      note(results, UNCHANGED, await runProduct(ground, tenantId));
      wasted.writes += await ground.figures.writesSince(mark);
      wasted.photos += (await ground.requests()).photos - photos;
      await ground.administrator.changeSettings(tenantId, { linkByEmail: false });
      note(results, OTHER_RULES, await runProduct(ground, tenantId));
    }

    const of = (name: string) => results.get(name) ?? [];
    const secondsOf = (name: string) => median(of(name).map(({ seconds }) => seconds));
    const n = people.toLocaleString('en');
    // A run has a second of its own: workflow tasks, the plan's transaction, its log.
    const fixed = people < 50_000 ? 1 : 0;
    const ratio = (product: string, plain: string, most: number): Line => ({
      what: `${n}: ${product} / ${plain}`,
      value: (secondsOf(product) - fixed) / secondsOf(plain),
      unit: '×',
      target: { most },
      note: fixed ? 'a second of fixed cost taken off' : '',
    });
    const seconds = [...results.keys()].map((name): Line => {
      const peak = median(of(name).map(({ peakMb }) => peakMb ?? Number.NaN));
      return { what: `${n}: ${name}`, value: secondsOf(name), unit: 's', note: `peak ${peak} MB` };
    });
    const unchanged = `${n}: unchanged sync,`;
    return {
      people,
      workerPeakMb: ground.workerPeakMb(),
      firstSeconds: secondsOf(FIRST),
      lines: [
        ...seconds,
        ratio(FIRST, COPY, 4),
        ratio(UNCHANGED, DIFF, 2),
        {
          what: `${n}: ${OTHER_RULES} (everybody is judged anew) / first sync`,
          value: secondsOf(OTHER_RULES) / secondsOf(FIRST),
          unit: '×',
          target: { most: 1 },
        },
        {
          what: `${unchanged} requests for lists of people`,
          value: median(of(UNCHANGED).map(({ requests }) => requests)),
          unit: '',
          target: { most: Math.ceil(people / 500) },
        },
        { what: `${unchanged} requests for photos`, value: wasted.photos, unit: '', target: { most: 0 } },
        { what: `${unchanged} rows of people written`, value: wasted.writes, unit: '', target: { most: 0 } },
      ],
    };
  } finally {
    await ground.close();
  }
};

/** Memory must not grow with the company, and cost must grow with it and no faster. */
export const compareSizes = (sizes: readonly Size[]): Line[] => {
  const [small, large] = [sizes.at(0), sizes.at(-1)];
  if (!small || !large || small.people === large.people) return [];
  const between = `${small.people.toLocaleString('en')} to ${large.people.toLocaleString('en')}`;
  return [
    {
      what: `worker memory, ${between}`,
      value: (large.workerPeakMb ?? Number.NaN) / (small.workerPeakMb ?? Number.NaN),
      unit: '×',
      target: { most: 1.3 },
      note: `${small.workerPeakMb} and ${large.workerPeakMb} MB`,
    },
    {
      what: `first sync, cost per person, ${between}`,
      value: large.firstSeconds / large.people / (small.firstSeconds / small.people),
      unit: '×',
      target: { most: 1.3 },
    },
  ];
};
