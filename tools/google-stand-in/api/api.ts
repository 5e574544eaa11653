import { getCustomer } from '../directory/customer.ts';
import { listDomains } from '../directory/domains.ts';
import { getGroup, listGroups } from '../directory/group-endpoints.ts';
import { getMember, hasMember, listMembers } from '../directory/group-members.ts';
import { getOrgUnit, listOrgUnits } from '../directory/org-units.ts';
import { getPhoto } from '../directory/photos.ts';
import { getUser } from '../directory/users-get.ts';
import { listUsers } from '../directory/users-list.ts';
import { stopChannel, watchUsers } from '../directory/users-watch.ts';
import { getProfile, listSendAs } from '../gmail/profile.ts';
import { sendMessage } from '../gmail/send.ts';
import { type Answer, bearerOf, json, type Request } from '../http/exchange.ts';
import { claimsOf } from '../oauth/id-token.ts';
import { getPeople, getPerson, listDirectoryPeople, searchDirectoryPeople } from '../people/people.ts';
import type { World } from '../world.ts';
import type { ApiCall, ApiHandler } from './api-call.ts';
import { ApiError } from './api-error.ts';
import type { ApiMethod, ApiName, Match } from './discovery.ts';
import { applyMask, type Mask, parseMask } from './partial-response.ts';
import { checkParameters, parseBody } from './request-check.ts';
import { checkResponse } from './response-check.ts';

const userInfo: ApiHandler = ({ world, person, token }) => {
  const { sub, email_verified: verified, ...claims } = claimsOf(world, person, token.scopes);
  return { value: { id: sub, ...claims, ...(verified !== undefined && { verified_email: verified }) } };
};

/** What the stand-in serves, by the method ids of Google's discovery documents. */
const handlers: Record<string, ApiHandler> = {
  'directory.users.list': listUsers,
  'directory.users.get': getUser,
  'directory.users.photos.get': getPhoto,
  'directory.users.watch': watchUsers,
  'admin.channels.stop': stopChannel,
  'directory.groups.list': listGroups,
  'directory.groups.get': getGroup,
  'directory.members.list': listMembers,
  'directory.members.get': getMember,
  'directory.members.hasMember': hasMember,
  'directory.orgunits.list': listOrgUnits,
  'directory.orgunits.get': getOrgUnit,
  'directory.domains.list': listDomains,
  'directory.customers.get': getCustomer,
  'gmail.users.messages.send': sendMessage,
  'gmail.users.getProfile': getProfile,
  'gmail.users.settings.sendAs.list': listSendAs,
  'people.people.get': getPerson,
  'people.people.getBatchGet': getPeople,
  'people.people.listDirectoryPeople': listDirectoryPeople,
  'people.people.searchDirectoryPeople': searchDirectoryPeople,
  'oauth2.userinfo.get': userInfo,
  'oauth2.userinfo.v2.me.get': userInfo,
};

const services: Record<ApiName, { host: string; title: string }> = {
  admin: { host: 'admin.googleapis.com', title: 'Admin SDK API' },
  gmail: { host: 'gmail.googleapis.com', title: 'Gmail API' },
  people: { host: 'people.googleapis.com', title: 'People API' },
  oauth2: { host: 'oauth2.googleapis.com', title: 'Google OAuth2 API' },
};

/** Answers one call of a Google API: authentication, the switch of the API, parameters, scopes, then the method itself. */
export function answerApi(world: World, request: Request, match: Match): Answer {
  const { method, params, upload } = match;
  const handler = handlers[method.id];
  if (!handler) {
    world.violate('request', request, `${method.id} exists at Google but is not part of the stand-in`);
    throw new ApiError({ status: 501, reason: 'notImplemented', message: `${method.id} is not part of the stand-in` });
  }
  const { token, person } = authenticate(world, request);
  if (world.disabledApis.has(method.api)) throw accessNotConfigured(method.api, token.projectId);
  const { mask, body } = checkShape(world, request, match);
  if (!method.scopes.some((scope) => token.scopes.includes(scope))) throw insufficientScope(method);
  const call: ApiCall = { world, request, method, upload, params, query: request.query, body, mask, token, person };
  return finish(handler(call), call);
}

/** What Google's description does not allow is refused and recorded; what only this moment does not allow is not recorded. */
function checkShape(world: World, request: Request, { method, params, upload }: Match): Pick<ApiCall, 'mask' | 'body'> {
  try {
    checkParameters(method, params, request.query);
    const mask = maskOf(method, request.query);
    return { mask, body: upload ? {} : parseBody(method, request.headers['content-type'], request.body) };
  } catch (error) {
    if (error instanceof ApiError) world.violate('request', request, error.message);
    throw error;
  }
}

function authenticate(world: World, request: Request): Pick<ApiCall, 'token' | 'person'> {
  const text = bearerOf(request) ?? request.query.get('access_token') ?? request.query.get('oauth_token');
  const location = { type: 'header', name: 'Authorization' } as const;
  const realm = 'Bearer realm="https://accounts.google.com/"';
  if (!text) {
    throw new ApiError({
      status: 401,
      reason: 'required',
      message: 'Login Required.',
      summary:
        'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      location,
      errorInfo: { reason: 'CREDENTIALS_MISSING' },
      headers: { 'www-authenticate': realm },
    });
  }
  const token = world.grants.liveAccessToken(text);
  const person = token && world.person(token.accountId);
  if (!token || !person || person.suspended) {
    throw new ApiError({
      status: 401,
      reason: 'authError',
      message: 'Invalid Credentials',
      summary:
        'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      location,
      errorInfo: { reason: 'ACCESS_TOKEN_EXPIRED' },
      headers: { 'www-authenticate': `${realm}, error="invalid_token"` },
    });
  }
  return { token, person };
}

function insufficientScope(method: ApiMethod): ApiError {
  return new ApiError({
    status: 403,
    reason: 'insufficientPermissions',
    message: 'Insufficient Permission',
    summary: 'Request had insufficient authentication scopes.',
    errorInfo: {
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      metadata: { method: method.id, service: services[method.api].host },
    },
    headers: {
      'www-authenticate': `Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="${method.scopes.join(' ')}"`,
    },
  });
}

function accessNotConfigured(api: ApiName, projectId: string): ApiError {
  const { host, title } = services[api];
  return new ApiError({
    status: 403,
    reason: 'accessNotConfigured',
    domain: 'usageLimits',
    message: `${title} has not been used in project ${projectId} before or it is disabled. Enable it in the Google Cloud console, then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`,
    errorInfo: { reason: 'SERVICE_DISABLED', metadata: { consumer: `projects/${projectId}`, service: host } },
  });
}

function maskOf(method: ApiMethod, query: URLSearchParams): Mask {
  const fields = query.get('fields');
  return fields === null ? 'all' : parseMask(fields, method.response, method.schemas);
}

function finish(
  result: ReturnType<ApiHandler>,
  { world, request, method, mask }: Pick<ApiCall, 'world' | 'request' | 'method' | 'mask'>,
): Answer {
  if (!result) return { status: 204 };
  if ('answer' in result) return result.answer;
  checkResponse(world, request, method, result.value);
  const { etag } = result.value;
  if (request.method === 'GET' && typeof etag === 'string' && request.headers['if-none-match'] === etag)
    return { status: 304, headers: { etag } };
  return json(200, applyMask(result.value, mask), typeof etag === 'string' ? { etag } : {});
}
