import { type ApiCall, type ApiResult, administeredCompany } from '../api/api-call.ts';
import { notAuthorized } from '../api/api-error.ts';
import { etagOf } from './user-resource.ts';

/** domains.list of the administrator's own company, the primary one first. */
export function listDomains(call: ApiCall): ApiResult {
  const company = administeredCompany(call);
  if (!['my_customer', company.customerId].includes(call.params.customer ?? '')) throw notAuthorized();
  return {
    value: {
      kind: 'admin#directory#domains',
      etag: etagOf('domains', company.customerId, ...company.domains),
      domains: company.domains.map((domainName) => ({
        kind: 'admin#directory#domain',
        etag: etagOf('domain', company.customerId, domainName),
        domainName,
        isPrimary: domainName === company.domain,
        verified: true,
        creationTime: '1554105600000',
      })),
    },
  };
}
