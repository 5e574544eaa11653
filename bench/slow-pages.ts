import { prepareGround } from './ground.ts';
import { connectedTenant, runProduct } from './product.ts';
import type { Line } from './report.ts';

/** A Google that takes its time for each page: what the product adds to the wait. */
export const measureSlowPages = async (people: number, delayMs: number): Promise<Line[]> => {
  const ground = await prepareGround([{ domain: 'acme.example', people }]);
  try {
    const [company] = ground.companies;
    if (!company) throw new Error('Google has no company');
    const tenantId = await connectedTenant(ground, company, 'Slow');
    await ground.control.addFault({ pathPrefix: '/admin/directory/v1/users', kind: 'delay', delayMs });
    const waited = (Math.ceil(people / 500) * delayMs) / 1000;
    const line = async (what: string): Promise<Line> => {
      const { seconds } = await runProduct(ground, tenantId);
      const note = `${waited.toFixed(1)} s of it are Google's`;
      return {
        what: `${delayMs} ms a page: ${what}`,
        value: seconds,
        unit: 's',
        target: { most: waited * 1.25 },
        note,
      };
    };
    return [await line('first sync'), await line('unchanged sync')];
  } finally {
    await ground.close();
  }
};
