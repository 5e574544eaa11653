import { type ApiCall, type ApiResult, administeredCompany, ownCompany } from '../api/api-call.ts';
import { ApiError, notAuthorized } from '../api/api-error.ts';
import { applyMask, type Mask, maskWithin } from '../api/partial-response.ts';
import { checkResponse } from '../api/response-check.ts';
import type { Company } from './company.ts';
import { compareKeys, type OrderBy, type SortKey, sortKeyOf } from './directory.ts';
import { boundParams } from './page-tokens.ts';
import { domainOf, type Person } from './person.ts';
import { parseUserQuery } from './user-query.ts';
import { etagOf, type View } from './user-resource.ts';
import { writeUser } from './written-users.ts';

const comma = Buffer.from(',');

/** users.list: a page costs its own size, whatever the size of the directory. */
export function listUsers(call: ApiCall): ApiResult {
  const { world, query, mask } = call;
  const company = companyAsked(call);
  const view: View =
    query.get('viewType') === 'domain_public' ? 'public' : query.get('projection') === 'full' ? 'full' : 'basic';
  const { page, next, startedAt } = collect(call, company);

  const usersMask = maskWithin(mask, 'users');
  const users =
    usersMask === undefined
      ? []
      : page.map((person) =>
          writeUser(world, call.request, call.method, person, { view, fields: query.get('fields'), mask: usersMask }),
        );
  const head: Record<string, unknown> = {
    kind: 'admin#directory#users',
    etag: etagOf('users', company.customerId, company.directory.version, query.toString()),
  };
  const nextPageToken = next && world.pageTokens.seal({ position: next, startedAt }, boundParams(query));
  checkResponse(world, call.request, call.method, { ...head, ...(nextPageToken && { nextPageToken }) });

  return {
    answer: {
      status: 200,
      headers: { 'content-type': 'application/json; charset=UTF-8', etag: String(head.etag) },
      body: assemble({ ...head, ...(nextPageToken && { nextPageToken }) }, users, mask),
      listing: { kept: (count) => assemble(head, users.slice(0, count), mask) },
    },
  };
}

/** `my_customer`, the company's own customer id, or one of its domains. */
function companyAsked(call: ApiCall): Company {
  const { world, query } = call;
  const publicView = query.get('viewType') === 'domain_public';
  const customer = query.get('customer');
  const domain = query.get('domain');
  if (!customer && !domain) throw new ApiError({ status: 400, reason: 'badRequest', message: 'Bad Request' });
  const showDeleted = query.get('showDeleted') === 'true';
  const company = publicView && !showDeleted ? ownCompany(call) : administeredCompany(call);
  if (customer && customer !== 'my_customer' && customer !== company.customerId) throw notAuthorized();
  if (domain) {
    const owner = world.companyOfDomain(domain);
    if (!owner) throw new ApiError({ status: 404, reason: 'notFound', message: 'Domain not found.' });
    if (owner !== company) throw notAuthorized();
  }
  return company;
}

function collect(call: ApiCall, company: Company): { page: Person[]; next: SortKey | undefined; startedAt: number } {
  const { world, query } = call;
  const orderBy = (query.get('orderBy') ?? 'email') as OrderBy;
  const step = query.get('sortOrder') === 'DESCENDING' ? -1 : 1;
  const people = company.directory.ordered(orderBy, query.get('showDeleted') === 'true' ? 'deleted' : 'live');
  const size = Math.min(Number(query.get('maxResults') ?? 100), world.settings.largestPage);
  const fits = filterOf(query);
  const text = query.get('pageToken');
  const token = text ? world.pageTokens.open<SortKey>(text, boundParams(query)) : undefined;

  const page: Person[] = [];
  for (
    let at = token ? indexAfter(people, orderBy, token.position, step) : step > 0 ? 0 : people.length - 1;
    ;
    at += step
  ) {
    const person = people[at];
    const startedAt = token?.startedAt ?? world.clock.now();
    if (!person) return { page, next: undefined, startedAt };
    if (!fits(person)) continue;
    const last = page.at(-1);
    if (page.length === size && last) return { page, next: sortKeyOf(last, orderBy), startedAt };
    page.push(person);
  }
}

function filterOf(query: URLSearchParams): (person: Person) => boolean {
  const domain = query.get('domain')?.toLowerCase();
  const text = query.get('query');
  const matches = text
    ? parseUserQuery(text, query.get('viewType') === 'domain_public' ? 'domain_public' : 'admin_view')
    : undefined;
  return (person) => (!domain || domainOf(person.primaryEmail) === domain) && (!matches || matches(person));
}

/** The first index beyond a position, by halving: people may have come and gone since. */
function indexAfter(people: readonly Person[], orderBy: OrderBy, position: SortKey, step: 1 | -1): number {
  let low = 0;
  let high = people.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareKeys(sortKeyOf(people[middle] as Person, orderBy), position);
    if (step > 0 ? order <= 0 : order < 0) low = middle + 1;
    else high = middle;
  }
  return step > 0 ? low : low - 1;
}

/** The answer as bytes; users that were written before are only copied. */
function assemble(head: Record<string, unknown>, users: Buffer[], mask: Mask): Buffer {
  const fields = Object.entries(applyMask(head, mask) as Record<string, unknown>);
  const start = fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
  if (users.length === 0) return Buffer.from(`{${start}}`);
  const parts: Buffer[] = [Buffer.from(`{${start}${start && ','}"users":[`)];
  for (const [index, user] of users.entries()) {
    if (index > 0) parts.push(comma);
    parts.push(user);
  }
  parts.push(Buffer.from(']}'));
  return Buffer.concat(parts);
}
