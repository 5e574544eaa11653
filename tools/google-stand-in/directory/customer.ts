import { type ApiCall, type ApiResult, administeredCompany } from '../api/api-call.ts';
import { notAuthorized } from '../api/api-error.ts';
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
