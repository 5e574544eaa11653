import { prepareGround } from './ground.ts';
import { connectedTenant } from './product.ts';
import { type Line, median } from './report.ts';

const LIMIT_MS = 20 * 60_000;
const SMALLEST = 50;

/** Everybody asks at once and the smallest tenant last: when does it get its turn? */
export const measureManyTenants = async (tenants: number, people: number): Promise<Line[]> => {
  const sizes = [...Array.from({ length: tenants - 1 }, () => people), SMALLEST];
  const ground = await prepareGround(sizes.map((size, i) => ({ domain: `company-${i}.example`, people: size })));
  try {
    const ids: string[] = [];
    for (const [i, company] of ground.companies.entries()) {
      ids.push(await connectedTenant(ground, company, `Tenant ${i}`));
    }
    const smallest = ids.at(-1);
    const line = async (what: string): Promise<Line[]> => {
      const before = (await ground.figures.waits()).length;
      const startedAt = performance.now();
      for (const id of ids) await ground.administrator.startRun(id);
      while ((await ground.figures.waits()).length < before + ids.length) {
        if (performance.now() - startedAt > LIMIT_MS) throw new Error('not all tenants came to their end');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const seconds = (performance.now() - startedAt) / 1000;
      const runs = (await ground.figures.waits()).slice(before);
      const own = runs.find(({ tenantId }) => tenantId === smallest);
      const waits = `${tenants} × ${people} at once, ${what}:`;
      return [
        { what: `${waits} all`, value: seconds, unit: 's', note: `worker peak ${ground.workerPeakMb()} MB` },
        { what: `${waits} half of the tenants`, value: median(runs.map(({ ended }) => ended)), unit: 's' },
        { what: `${waits} the smallest begins after`, value: own?.started ?? Number.NaN, unit: 's' },
        {
          what: `${waits} the smallest, asked for last, ends after`,
          value: own?.ended ?? Number.NaN,
          unit: 's',
          target: { most: seconds },
        },
      ];
    };
    return [...(await line('first')), ...(await line('unchanged'))];
  } finally {
    await ground.close();
  }
};
