import { type ApiCall, type ApiResult, ownCompany } from '../api/api-call.ts';
import { ApiError, invalidArgument, notFound } from '../api/api-error.ts';
import type { Company } from '../directory/company.ts';
import { fullNameOf, type Person } from '../directory/person.ts';
import { personFields, personResource } from './person-resource.ts';

type Position = { offset: number; version: number };

/** people.get of oneself (`people/me`) or of someone in the own organization. */
export function getPerson(call: ApiCall): ApiResult {
  const { world, params, query, person } = call;
  const fields = fieldsOf(query, 'personFields');
  const id = (params.resourceName ?? '').slice('people/'.length);
  const found = id === 'me' || id === person.id ? person : world.companyOf(person)?.directory.find(id);
  if (!found) throw notFound('person');
  return { value: personResource(found, world.origin, fields) };
}

const directoryScope = 'https://www.googleapis.com/auth/directory.readonly';

/**
 * people.getBatchGet: each of at most 200 names with its person, or with the reason why not. Google lets the scopes of
 * sign-in through here as well, which show nothing of colleagues.
 */
export function getPeople(call: ApiCall): ApiResult {
  const { world, query, person, token } = call;
  const asked = fieldsOf(query, 'personFields');
  const fields = token.scopes.includes(directoryScope) ? asked : new Set<string>();
  const names = query.getAll('resourceNames');
  if (names.length > 200) throw invalidArgument('At most 200 resource names are allowed.', 'resourceNames');
  const directory = world.companyOf(person)?.directory;
  return {
    value: {
      responses: names.map((name) => {
        const found = directory?.find(name.slice('people/'.length));
        return found && isVisible(found)
          ? { httpStatusCode: 200, requestedResourceName: name, person: personResource(found, world.origin, fields) }
          : { httpStatusCode: 404, requestedResourceName: name, status: { code: 5, message: 'Not Found' } };
      }),
    },
  };
}

/** listDirectoryPeople: the whole organization, or what changed since a sync token. Nobody suspended, nothing of their unit. */
export function listDirectoryPeople(call: ApiCall): ApiResult {
  const { world, query } = call;
  const company = ownCompany(call);
  const fields = fieldsOf(query, 'readMask');
  requireSources(query);
  const size = sizeOf(query, 1_000);
  const bound = boundParams(query);
  const token = query.get('pageToken')
    ? world.pageTokens.open<Position>(query.get('pageToken') ?? '', bound)
    : undefined;
  const since = sinceOf(query.get('syncToken'));
  const version = token?.position.version ?? company.directory.version;
  const offset = token?.position.offset ?? 0;

  const people = since === undefined ? visible(company) : changedSince(company, since);
  const page = people.slice(offset, offset + size);
  const more = offset + size < people.length;
  const nextPageToken =
    more &&
    world.pageTokens.seal<Position>(
      { position: { offset: offset + size, version }, startedAt: token?.startedAt ?? world.clock.now() },
      bound,
    );
  return {
    value: {
      ...(page.length > 0 && {
        people: page.map((each) => (isVisible(each) ? personResource(each, world.origin, fields) : goneResource(each))),
      }),
      ...(nextPageToken && { nextPageToken }),
      ...(!more &&
        (query.get('requestSyncToken') === 'true' || since !== undefined) && {
          nextSyncToken: Buffer.from(`sync:${version}`).toString('base64url'),
        }),
    },
  };
}

/** searchDirectoryPeople: prefixes of names, addresses and phone numbers. */
export function searchDirectoryPeople(call: ApiCall): ApiResult {
  const { world, query } = call;
  const company = ownCompany(call);
  const fields = fieldsOf(query, 'readMask');
  requireSources(query);
  const words = (query.get('query') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) throw invalidArgument('query is required.', 'query');
  const size = sizeOf(query, 500);
  const bound = boundParams(query);
  const token = query.get('pageToken')
    ? world.pageTokens.open<Position>(query.get('pageToken') ?? '', bound)
    : undefined;
  const offset = token?.position.offset ?? 0;
  const found = visible(company).filter((person) => matches(person, words));
  const more = offset + size < found.length;
  const position = { offset: offset + size, version: company.directory.version };
  return {
    value: {
      ...(found.length > 0 && {
        people: found.slice(offset, offset + size).map((each) => personResource(each, world.origin, fields)),
      }),
      totalSize: found.length,
      ...(more && {
        nextPageToken: world.pageTokens.seal<Position>(
          { position, startedAt: token?.startedAt ?? world.clock.now() },
          bound,
        ),
      }),
    },
  };
}

function isVisible(person: Person): boolean {
  return !person.suspended && !person.archived && person.deletionTime === undefined;
}

function visible(company: Company): Person[] {
  return company.directory.ordered('email', 'live').filter(isVisible);
}

function changedSince(company: Company, version: number): Person[] {
  return [...company.directory.people(), ...company.directory.deletedPeople()]
    .filter((person) => person.version > version)
    .sort((one, other) => one.version - other.version);
}

function goneResource(person: Person): Record<string, unknown> {
  return {
    resourceName: `people/${person.id}`,
    metadata: { deleted: true, sources: [{ type: 'DOMAIN_PROFILE', id: person.id }] },
  };
}

function matches(person: Person, words: string[]): boolean {
  const texts = [
    ...fullNameOf(person).toLowerCase().split(/\s+/),
    person.primaryEmail.toLowerCase(),
    ...person.phones.map(({ value }) => value),
  ];
  return words.every((word) => texts.some((text) => text.startsWith(word)));
}

function fieldsOf(query: URLSearchParams, parameter: 'personFields' | 'readMask'): ReadonlySet<string> {
  const text = query.get(parameter);
  if (!text) throw invalidArgument(`${parameter} mask is required. Please specify one or more valid paths.`, parameter);
  const fields = new Set(text.split(',').map((field) => field.trim()));
  for (const field of fields)
    if (!personFields.has(field)) throw invalidArgument(`Invalid ${parameter} mask path: "${field}".`, parameter);
  return fields;
}

function requireSources(query: URLSearchParams): void {
  const sources = query.getAll('sources').filter((source) => source !== 'DIRECTORY_SOURCE_TYPE_UNSPECIFIED');
  if (sources.length === 0) throw invalidArgument('At least one source type must be specified.', 'sources');
}

function sizeOf(query: URLSearchParams, maximum: number): number {
  const size = Number(query.get('pageSize') ?? 0);
  if (size < 0 || size > maximum) throw invalidArgument(`Page size must be between 1 and ${maximum}.`, 'pageSize');
  return size || 100;
}

function sinceOf(token: string | null): number | undefined {
  if (!token) return undefined;
  const version = /^sync:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (version !== undefined) return Number(version);
  throw new ApiError({
    status: 400,
    reason: 'failedPrecondition',
    message: 'Sync token is expired. Clear local cache and retry call without the sync token.',
    errorInfo: { reason: 'EXPIRED_SYNC_TOKEN', domain: 'people.googleapis.com' },
  });
}

function boundParams(query: URLSearchParams): string {
  const bound = ['readMask', 'sources', 'mergeSources', 'query', 'syncToken', 'requestSyncToken', 'pageSize'];
  return bound.map((name) => `${name}=${query.getAll(name).sort().join(',')}`).join('&');
}
