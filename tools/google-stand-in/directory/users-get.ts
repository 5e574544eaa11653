import { type ApiCall, type ApiResult, administeredCompany, ownCompany } from '../api/api-call.ts';
import { notAuthorized, notFound } from '../api/api-error.ts';
import type { Person } from './person.ts';
import { userResource } from './user-resource.ts';

/** users.get, by id, address or alias. Deleted people are not found. */
export function getUser(call: ApiCall): ApiResult {
  const { query, world } = call;
  const publicView = query.get('viewType') === 'domain_public';
  const person = personAsked(call, publicView);
  const view = publicView ? 'public' : query.get('projection') === 'full' ? 'full' : 'basic';
  return { value: userResource(person, world.origin, view) };
}

/**
 * Someone of the administrator's own company: 404 when nobody has this key, 403 for people of other companies unless
 * the administrator resells them.
 */
export function personAsked(call: ApiCall, publicView = false): Person {
  const company = publicView ? ownCompany(call) : administeredCompany(call);
  const key = call.params.userKey ?? '';
  const person = company.directory.find(key);
  if (person) return person;
  const stranger = call.world.person(key);
  if (stranger?.customerId && !publicView && call.world.settings.administratorsResell) return stranger;
  if (stranger) throw notAuthorized();
  throw notFound('userKey');
}
