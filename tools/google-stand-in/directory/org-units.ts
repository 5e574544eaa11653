import { type ApiCall, type ApiResult, administeredCompany } from '../api/api-call.ts';
import { notAuthorized, notFound } from '../api/api-error.ts';
import { type Company, orgUnitPathsOf } from './company.ts';
import { etagOf } from './user-resource.ts';

/** orgunits.list: `children` of a unit (default), `all` below it, or `allIncludingParent`; by path or id. */
export function listOrgUnits(call: ApiCall): ApiResult {
  const company = companyAsked(call);
  const asked = unitAsked(company, call.query.get('orgUnitPath') ?? '');
  const type = call.query.get('type') ?? 'children';
  const below = asked === '/' ? '/' : `${asked}/`;
  const shown = ['/', ...orgUnitPathsOf(company)].filter((path) => {
    if (path === asked) return type === 'allIncludingParent';
    if (!path.startsWith(below)) return false;
    return type !== 'children' || !path.slice(below.length).includes('/');
  });
  return {
    value: {
      kind: 'admin#directory#orgUnits',
      etag: etagOf('orgunits', company.customerId, ...shown),
      ...(shown.length > 0 && { organizationUnits: shown.map((path) => orgUnit(company, path)) }),
    },
  };
}

/** orgunits.get, by path or id. */
export function getOrgUnit(call: ApiCall): ApiResult {
  const company = companyAsked(call);
  return { value: orgUnit(company, unitAsked(company, call.params.orgUnitPath ?? '')) };
}

function companyAsked(call: ApiCall): Company {
  const company = administeredCompany(call);
  if (!['my_customer', company.customerId].includes(call.params.customerId ?? '')) throw notAuthorized();
  return company;
}

function unitAsked(company: Company, key: string): string {
  const asked = key.replace(/^\/?/, '/').replace(/(.)\/$/, '$1');
  const found = ['/', ...orgUnitPathsOf(company)].find((path) => path === asked || idOf(company, path) === key);
  if (found === undefined) throw notFound('orgUnitPath');
  return found;
}

const idOf = ({ customerId }: Company, path: string): string => `id:${etagOf('ou', customerId, path).slice(1, 16)}`;

function orgUnit(company: Company, path: string): Record<string, unknown> {
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  return {
    kind: 'admin#directory#orgUnit',
    etag: etagOf('orgunit', company.customerId, path),
    name: path === '/' ? company.name : path.slice(path.lastIndexOf('/') + 1),
    orgUnitPath: path,
    orgUnitId: idOf(company, path),
    ...(path !== '/' && { parentOrgUnitPath: parent, parentOrgUnitId: idOf(company, parent) }),
  };
}
