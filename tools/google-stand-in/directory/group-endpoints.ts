import { type ApiCall, type ApiResult, administeredCompany } from '../api/api-call.ts';
import { ApiError, invalidInput, notAuthorized, notFound } from '../api/api-error.ts';
import type { Company } from './company.ts';
import { parseGroupQuery } from './group-query.ts';
import type { Group } from './groups.ts';
import { boundParams } from './page-tokens.ts';
import { domainOf } from './person.ts';
import { etagOf } from './user-resource.ts';

/** The largest page of groups and of members. Source: Google's reference of groups.list and members.list. */
export const largestGroupPage = 200;

/** groups.list: of the customer, of one domain, or those that somebody is a direct member of. */
export function listGroups(call: ApiCall): ApiResult {
  const { world, query } = call;
  const company = companyAsked(call);
  const domain = query.get('domain')?.toLowerCase();
  const userKey = query.get('userKey');
  const person = userKey ? company.directory.find(userKey) : undefined;
  if (userKey && !person) throw notFound('userKey');
  const text = query.get('query');
  const matches = text ? parseGroupQuery(text, company) : () => true;
  const groups = company.groups
    .all()
    .filter((group) => !domain || domainOf(group.email) === domain)
    .filter((group) => !person || group.members.has(person.id))
    .filter(matches);
  if (query.get('sortOrder') === 'DESCENDING' && query.has('orderBy')) groups.reverse();
  const { page, nextPageToken } = pageOf(call, groups, ({ id }) => id);
  return {
    value: {
      kind: 'admin#directory#groups',
      etag: etagOf('groups', company.customerId, ...page.map(({ id, version }) => `${id}:${version}`)),
      ...(page.length > 0 && { groups: page.map((group) => groupResource(world.origin, company, group)) }),
      ...(nextPageToken && { nextPageToken }),
    },
  };
}

/** groups.get, by id or address. */
export function getGroup(call: ApiCall): ApiResult {
  const { company, group } = groupAsked(call);
  return { value: groupResource(call.world.origin, company, group) };
}

/** A group of the administrator's own company: 404 when there is none, 403 for groups of other companies. */
export function groupAsked(call: ApiCall): { company: Company; group: Group } {
  const company = administeredCompany(call);
  const key = call.params.groupKey ?? '';
  const group = company.groups.find(key);
  if (group) return { company, group };
  for (const other of call.world.companies.values()) if (other.groups.find(key)) throw notAuthorized();
  throw notFound('groupKey');
}

/** One page of a list that is at hand as a whole; it goes on after the last item of the page before. */
export function pageOf<Item>(
  { world, request, method, query }: ApiCall,
  items: readonly Item[],
  keyOf: (item: Item) => string,
): { page: readonly Item[]; nextPageToken: string | undefined } {
  const size = Number(query.get('maxResults') ?? largestGroupPage);
  if (size > largestGroupPage) {
    world.violate('request', request, `${method.id} gives at most ${largestGroupPage} a page`);
    throw invalidInput('maxResults');
  }
  const text = query.get('pageToken');
  const bound = `${request.path}?${boundParams(query)}`;
  const token = text ? world.pageTokens.open<string>(text, bound) : undefined;
  const start = token ? items.findIndex((item) => keyOf(item) === token.position) + 1 : 0;
  if (token && start === 0) throw invalidInput('pageToken');
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  if (last === undefined || start + size >= items.length) return { page, nextPageToken: undefined };
  const next = { position: keyOf(last), startedAt: token?.startedAt ?? world.clock.now() };
  return { page, nextPageToken: world.pageTokens.seal(next, bound) };
}

function companyAsked(call: ApiCall): Company {
  const { query, world } = call;
  const customer = query.get('customer');
  const domain = query.get('domain');
  if (!customer && !domain && !query.get('userKey')) {
    throw new ApiError({ status: 400, reason: 'badRequest', message: 'Bad Request' });
  }
  if (customer && query.get('userKey')) throw invalidInput('userKey');
  const company = administeredCompany(call);
  if (customer && customer !== 'my_customer' && customer !== company.customerId) throw notAuthorized();
  const owner = domain ? world.companyOfDomain(domain) : company;
  if (!owner) throw new ApiError({ status: 404, reason: 'notFound', message: 'Domain not found.' });
  if (owner !== company) throw notAuthorized();
  return company;
}

function groupResource(origin: string, company: Company, group: Group): Record<string, unknown> {
  const direct = company.groups.membersOf(group, false).filter(({ type }) => type === 'USER').length;
  return {
    kind: 'admin#directory#group',
    id: group.id,
    etag: etagOf('group', origin, group.id, group.version),
    email: group.email,
    name: group.name,
    directMembersCount: String(direct),
    description: group.description,
    adminCreated: true,
    nonEditableAliases: [`${group.email}.test-google-a.com`],
  };
}
