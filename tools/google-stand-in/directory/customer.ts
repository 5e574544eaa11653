import { type ApiCall, type ApiResult, administeredCompany } from '../api/api-call.ts';
import { notAuthorized, notFound } from '../api/api-error.ts';
import { orgUnitPathsOf } from './company.ts';
import { etagOf } from './user-resource.ts';

/** customers.get of the administrator's own company. */
export function getCustomer(call: ApiCall): ApiResult {
  const company = administeredCompany(call);
  if (!['my_customer', company.customerId].includes(call.params.customerKey ?? '')) throw notAuthorized();
  return {
    value: {
      kind: 'admin#directory#customer',
      id: company.customerId,
      etag: etagOf('customer', company.customerId),
      customerDomain: company.domain,
      alternateEmail: `owner@${company.domain}`,
      language: 'en',
      customerCreationTime: '2019-04-01T08:00:00.000Z',
    },
  };
}

/** orgunits.list: `children` of a path (default) or `all` below it. */
export function listOrgUnits(call: ApiCall): ApiResult {
  const company = administeredCompany(call);
  if (!['my_customer', company.customerId].includes(call.params.customerId ?? '')) throw notAuthorized();
  const asked = (call.query.get('orgUnitPath') ?? '').replace(/^\/?/, '/').replace(/(.)\/$/, '$1');
  const type = call.query.get('type') ?? 'children';
  const paths = orgUnitPathsOf(company);
  if (asked !== '/' && !paths.includes(asked)) throw notFound('orgUnitPath');
  const below = asked === '/' ? '/' : `${asked}/`;
  const shown = paths.filter((path) => {
    if (path === asked) return type === 'allIncludingParent';
    if (!path.startsWith(below)) return false;
    return type !== 'children' || !path.slice(below.length).includes('/');
  });
  return {
    value: {
      kind: 'admin#directory#orgUnits',
      etag: etagOf('orgunits', company.customerId, ...shown),
      ...(shown.length > 0 && { organizationUnits: shown.map((path) => orgUnit(company.customerId, path)) }),
    },
  };
}

function orgUnit(customerId: string, path: string): Record<string, unknown> {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  const idOf = (each: string) => `id:${etagOf('ou', customerId, each).slice(1, 16)}`;
  return {
    kind: 'admin#directory#orgUnit',
    etag: etagOf('orgunit', customerId, path),
    name: path.slice(path.lastIndexOf('/') + 1),
    orgUnitPath: path,
    orgUnitId: idOf(path),
    parentOrgUnitPath: parent,
    parentOrgUnitId: idOf(parent),
  };
}
