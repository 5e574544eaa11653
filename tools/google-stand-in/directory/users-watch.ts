import { type ApiCall, type ApiResult, administeredCompany } from '../api/api-call.ts';
import { ApiError, notAuthorized } from '../api/api-error.ts';
import type { ChangeEvent } from './directory.ts';
import { isLoopback, type PushChannel } from './push-channels.ts';

const defaultTtlSeconds = 7_200;

/** users.watch. Plain http is accepted for loopback addresses, where Google wants https. */
export function watchUsers(call: ApiCall): ApiResult {
  const { world, query, body, token, person } = call;
  const company = administeredCompany(call);
  const customer = query.get('customer');
  const domain = query.get('domain')?.toLowerCase();
  if (!customer && !domain) throw new ApiError({ status: 400, reason: 'badRequest', message: 'Bad Request' });
  if (customer && customer !== 'my_customer' && customer !== company.customerId) throw notAuthorized();
  if (domain && !company.domains.includes(domain)) throw notAuthorized();
  const id = String(body.id ?? '');
  const address = String(body.address ?? '');
  checkChannel(call, id, address);

  const uri = new URL(`${world.origin}/admin/directory/v1/users`);
  for (const name of ['customer', 'domain', 'event'])
    if (query.has(name)) uri.searchParams.set(name, query.get(name) ?? '');
  uri.searchParams.set('alt', 'json');
  const channel = world.push.open({
    id,
    address,
    token: typeof body.token === 'string' ? body.token : undefined,
    resourceUri: uri.href,
    expiresAt: expirationOf(call),
    customerId: company.customerId,
    domain,
    event: (query.get('event') as ChangeEvent | null) ?? undefined,
    accountId: person.id,
    clientId: token.clientId,
  });
  return { value: channelResource(channel) };
}

/** channels.stop, for the person and client that opened the channel. */
export function stopChannel({ world, body, person, token }: ApiCall): ApiResult {
  const channel = world.push.channels.get(String(body.id ?? ''));
  const own =
    channel &&
    channel.resourceId === body.resourceId &&
    channel.accountId === person.id &&
    channel.clientId === token.clientId;
  if (!own) {
    throw new ApiError({
      status: 404,
      reason: 'notFound',
      message: `Channel '${String(body.id ?? '')}' not found for project '${token.projectId}'`,
    });
  }
  world.push.channels.delete(channel.id);
  return undefined;
}

function checkChannel({ world, body }: ApiCall, id: string, address: string): void {
  if (!id) throw required('id');
  if (!/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id)) throw channelError('invalid', 'Invalid channel id');
  if (body.type !== 'web_hook') throw channelError('unknownType', `Unknown channel type: ${String(body.type ?? '')}`);
  if (!address) throw required('address');
  if (!URL.canParse(address)) throw channelError('invalid', `Invalid WebHook address: ${address}`);
  if (!address.startsWith('https://') && !(address.startsWith('http://') && isLoopback(address))) {
    throw channelError('push.webhookUrlNotHttps', `WebHook callback must be HTTPS: ${address}`);
  }
  if (typeof body.token === 'string' && body.token.length > 256)
    throw channelError('invalid', 'Channel token is too long');
  if (world.push.isTaken(id)) throw channelError('channelIdNotUnique', `Channel id ${id} not unique`);
}

/** The shortest of what was asked, by time or by ttl, and what Google allows. */
function expirationOf({ world, body }: ApiCall): number {
  const now = world.clock.now();
  const ttl = Number((body.params as Record<string, string> | undefined)?.ttl ?? defaultTtlSeconds);
  if (!Number.isFinite(ttl) || ttl <= 0) throw channelError('invalid', 'Invalid ttl');
  const asked = body.expiration === undefined ? now + ttl * 1000 : Number(body.expiration);
  if (asked <= now) throw channelError('invalid', 'Expiration is in the past');
  return Math.floor(Math.min(asked, now + world.settings.channelMaxTtlSeconds * 1000));
}

function channelResource(channel: PushChannel): Record<string, unknown> {
  return {
    kind: 'api#channel',
    id: channel.id,
    resourceId: channel.resourceId,
    resourceUri: channel.resourceUri,
    ...(channel.token && { token: channel.token }),
    expiration: String(channel.expiresAt),
  };
}

function required(name: string): ApiError {
  return new ApiError({ status: 400, reason: 'required', message: `Required: channel.${name}` });
}

function channelError(reason: string, message: string): ApiError {
  return new ApiError({ status: 400, reason, message });
}
