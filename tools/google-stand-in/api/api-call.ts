import type { Company } from '../directory/company.ts';
import type { Person } from '../directory/person.ts';
import type { Answer, Request } from '../http/exchange.ts';
import type { AccessToken } from '../oauth/grants.ts';
import type { World } from '../world.ts';
import { notAuthorized } from './api-error.ts';
import type { ApiMethod, UploadProtocol } from './discovery.ts';
import type { Mask } from './partial-response.ts';

/** An API request that is authenticated and fits Google's description of the method. */
export type ApiCall = {
  world: World;
  request: Request;
  method: ApiMethod;
  upload: UploadProtocol | undefined;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  mask: Mask;
  token: AccessToken;
  person: Person;
};

/**
 * What a handler gives back: a value that is checked and masked for it, an answer that is sent as it is, or nothing (204).
 */
export type ApiResult = { value: Record<string, unknown> } | { answer: Answer } | undefined;

export type ApiHandler = (call: ApiCall) => ApiResult;

/** The company of the person who consented, when that person administers it; 403 `forbidden` otherwise. */
export function administeredCompany(call: ApiCall): Company {
  const company = call.world.companyOf(call.person);
  if (!company || !(call.person.isAdmin || call.person.isDelegatedAdmin)) throw notAuthorized();
  return company;
}

export function ownCompany(call: ApiCall): Company {
  const company = call.world.companyOf(call.person);
  if (!company) throw notAuthorized();
  return company;
}
