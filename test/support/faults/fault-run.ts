import { createDraws } from '../../../tools/google-stand-in/seed/random.ts';
import { changeDirectory, troubleGoogle } from './directory-churn.ts';
import { startFaultGround, VICTIMS, type Victim } from './fault-ground.ts';
import { type KillPoint, killPoints } from './kill-points.ts';
import { describeStanding } from './describe-standing.ts';
import { ask, readFacts } from './look-at-database.ts';
import { createRounds, drawKills } from './round.ts';
import { judge, type KnownNumbers } from './violations.ts';

export type FaultRunOptions = {
  readonly seed: string;
  readonly people: number;
  readonly rounds: number;
  /** Only so many of the kill points; all of them when not given. */
  readonly points?: number;
  readonly say: (line: string) => void;
};

export type FaultReport = {
  readonly rounds: number;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly points: { readonly hit: number; readonly missed: readonly string[] };
  readonly faults: number;
  readonly runs: number;
  readonly resumed: number;
  /** Of each round, in order. */
  readonly seconds: readonly number[];
  readonly violations: readonly string[];
};

const LARGEST_PAGE = 100;
const TRIES_PER_POINT = 3;
/** Kills fall within this time after a run was asked for; a run without trouble takes about two seconds. */
const KILL_WITHIN_MS = 4_000;

/** Rounds of sync on real processes that are killed meanwhile; see docs/operations.md. */
export const runFaults = async ({ seed, people, rounds, points, say }: FaultRunOptions): Promise<FaultReport> => {
  const draws = createDraws(seed);
  const ground = await startFaultGround({ people, largestPage: LARGEST_PAGE });
  try {
    const { google, company, databaseUrl } = ground;
    await google.control.changeSettings({ accessTokenLifetimeSeconds: 90 });
    const tenantId = await ground.connectedTenant();
    const { play, liftBrakes } = createRounds(ground, tenantId);
    await liftBrakes();
    const colleagues = { domain: company.domain, protectedIds: [company.admin.id, company.user.id] };
    const everybody = () => google.control.people({ domain: company.domain });

    const kills: Record<Victim, number> = { worker: 0, server: 0, temporal: 0, postgres: 0 };
    const known: KnownNumbers = new Map();
    const waiting = killPoints(draws).slice(0, points);
    const tries = new Map<string, number>();
    const hit = new Set<string>();
    const missed: string[] = [];
    const seconds: number[] = [];
    const violations: string[] = [];
    let faults = 0;
    let runs = 0;
    let resumed = 0;

    const settle = (point: KillPoint): void => {
      if (!ground[point.program].isArmed()) {
        hit.add(point.name);
        kills[point.program]++;
        return;
      }
      ground[point.program].disarm();
      const tried = (tries.get(point.name) ?? 0) + 1;
      tries.set(point.name, tried);
      if (tried < TRIES_PER_POINT) waiting.push(point);
      else missed.push(point.name);
    };

    for (let round = 1; round <= rounds || waiting.length > 0; round++) {
      if (round > 1) await changeDirectory(google.control, colleagues, draws, round);
      await troubleGoogle(google.control, draws);
      await ask(
        databaseUrl,
        `update extension_users set display_name = 'Edited by hand', revision = revision + 1
         where tenant_id = $1 and id in (select id from extension_users where tenant_id = $1 order by random() limit 2)`,
        [tenantId],
      );
      // The first round makes everybody: no kill point then, so that each of them has its own round.
      const point = round > 1 ? waiting.shift() : undefined;
      if (point) ground[point.program].arm(point.name);
      const provocation = point?.provocation ?? 'sync';
      const drawn = provocation === 'sync' ? drawKills(draws, 2, KILL_WITHIN_MS) : [];
      const beganAt = performance.now();
      const stuck = await play(provocation, drawn, draws).then(
        () => undefined,
        (error: unknown) => `round ${round} did not end: ${error instanceof Error ? error.message : String(error)}`,
      );
      if (stuck) {
        violations.push(stuck);
        say(`  VIOLATION ${stuck}`);
        for (const line of await describeStanding(ground, tenantId)) say(`  ${line}`);
        break;
      }
      const tookSeconds = (performance.now() - beganAt) / 1000;
      seconds.push(tookSeconds);
      for (const { victim } of drawn) kills[victim]++;
      if (point) settle(point);
      const states = (await google.control.faults()) as { fired: number }[];
      faults += states.reduce((sum, { fired }) => sum + fired, 0);
      await google.control.clearFaults();

      const facts = await readFacts(databaseUrl, tenantId);
      const found = judge(facts, await everybody(), known).filter((violation) => !violations.includes(violation));
      violations.push(...found);
      runs = facts.runs.length;
      resumed = facts.runs.reduce((sum, run) => sum + run.resumed, 0);
      const killed = drawn.map(({ victim, atMs }) => `${victim} at ${(atMs / 1000).toFixed(1)} s`).join(', ');
      say(
        `round ${String(round).padStart(3)}  ${tookSeconds.toFixed(1).padStart(5)} s  ${(point?.name ?? '').padEnd(28)} ${killed}`,
      );
      for (const violation of found.slice(0, 20)) say(`  VIOLATION ${violation}`);
    }
    const strange = await google.control.violations();
    for (const problem of strange) violations.push(`Google was asked wrongly: ${JSON.stringify(problem)}`);
    for (const name of missed) violations.push(`the kill point ${name} was never reached`);
    return {
      rounds: seconds.length,
      kills,
      points: { hit: hit.size, missed },
      faults,
      runs,
      resumed,
      seconds,
      violations,
    };
  } finally {
    await ground.close();
  }
};

/** The figures of a run, as a table. */
export const describeFaults = (report: FaultReport): string => {
  const inOrder = report.seconds.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * share))] ?? 0).toFixed(1);
  const lines: [string, string | number][] = [
    ['rounds', report.rounds],
    ...VICTIMS.map((victim): [string, number] => [`kill -9 of ${victim}`, report.kills[victim]]),
    ['kill points reached', `${report.points.hit} of ${report.points.hit + report.points.missed.length}`],
    ['faults at Google', report.faults],
    ['runs', report.runs],
    ['steps taken up again', report.resumed],
    ['seconds a round', `${at(0.5)} (median), ${at(1)} (longest)`],
    ['violations', report.violations.length],
  ];
  return lines.map(([name, value]) => `${name.padEnd(22)} ${value}`).join('\n');
};
