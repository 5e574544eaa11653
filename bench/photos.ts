import { prepareGround } from './ground.ts';
import { connectedTenant, runProduct } from './product.ts';
import type { Line } from './report.ts';

/** The photos of a company: as fast as Google's quota allows, and never again when nothing changed. */
export const measurePhotos = async (people: number): Promise<Line[]> => {
  const ground = await prepareGround([{ domain: 'acme.example', people, photoShare: 1 }]);
  try {
    const [company] = ground.companies;
    if (!company) throw new Error('Google has no company');
    const tenantId = await connectedTenant(ground, company, 'Photos');
    await runProduct(ground, tenantId);
    await ground.administrator.changeSettings(tenantId, { photos: true });
    const before = await ground.requests();
    const { seconds } = await runProduct(ground, tenantId);
    const first = (await ground.requests()).photos - before.photos;
    const refused = await ground.control.requests({ pathPrefix: '/admin/directory/v1/users/', status: 403 });
    await runProduct(ground, tenantId);
    const again = (await ground.requests()).photos - before.photos - first;
    const n = people.toLocaleString('en');
    return [
      { what: `${n} photos: requests`, value: first, unit: '' },
      { what: `${n} photos: a second`, value: first / seconds, unit: '', target: { least: 36, most: 40 } },
      { what: `${n} photos: refused (403)`, value: refused.length, unit: '', target: { most: 0 } },
      { what: `${n} photos: requests of an unchanged sync`, value: again, unit: '', target: { most: 0 } },
    ];
  } finally {
    await ground.close();
  }
};
