import type { SeededCompany } from '../tools/google-stand-in/index.ts';
import type { Phases } from './figures.ts';
import type { Ground } from './ground.ts';

export type Measured = {
  seconds: number;
  peakMb: number | undefined;
  requests: number;
  phases?: Phases;
};

const RUN_LIMIT_MS = 30 * 60_000;

/** A tenant of the product that is connected to the company and has synchronized nobody yet. */
export const connectedTenant = async ({ administrator }: Ground, company: SeededCompany, name: string) => {
  const tenantId = await administrator.createTenant(name, `${name.toLowerCase().replaceAll(' ', '-')}.example`);
  await administrator.saveCredentials(tenantId, company);
  await administrator.authorize(tenantId, company);
  await administrator.chooseMode(tenantId, 'manual');
  return tenantId;
};

/** *Sync now*, from the click to the end. */
export const runProduct = async (ground: Ground, tenantId: string): Promise<Measured> => {
  const before = await ground.requests();
  const startedAt = performance.now();
  const runId = await ground.administrator.startRun(tenantId);
  const ended = ({ finishedAt }: { finishedAt: string | null }) => finishedAt !== null;
  const run = await ground.administrator.untilRun(tenantId, runId, 'the end of the run', ended, RUN_LIMIT_MS);
  const seconds = (performance.now() - startedAt) / 1000;
  if (run.state !== 'succeeded') throw new Error(`the run ended as ${run.state}: ${JSON.stringify(run.problem)}`);
  const { listings } = await ground.requests();
  return {
    seconds,
    peakMb: ground.workerPeakMb(),
    requests: listings - before.listings,
    phases: await ground.figures.phases(runId),
  };
};
