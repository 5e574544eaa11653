import { createHash } from 'node:crypto';
import type { ChangeEvent } from './directory.ts';
import { domainOf, type Person } from './person.ts';
import { etagOf } from './user-resource.ts';

export type PushChannel = {
  id: string;
  resourceId: string;
  resourceUri: string;
  address: string;
  token: string | undefined;
  expiresAt: number;
  customerId: string;
  domain: string | undefined;
  event: ChangeEvent | undefined;
  accountId: string;
  clientId: string;
  messages: number;
};

/** One notification and how it ended. `refused-address`: the stand-in sends to loopback addresses only. */
export type Delivery = {
  channelId: string;
  messageNumber: number;
  state: ChangeEvent | 'sync';
  personId: string | undefined;
  attempts: number;
  outcome: 'pending' | 'delivered' | 'failed' | 'refused-address';
  status: number | undefined;
};

const retried = new Set([500, 502, 503, 504]);
const longestAttempts = 5;

/** Channels of users.watch, and the sender of their notifications. */
export function createPushChannels({ now, retryMs }: { now: () => number; retryMs: () => number }) {
  const channels = new Map<string, PushChannel>();
  const deliveries: Delivery[] = [];
  const usedIds = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  const sending = new AbortController();

  function notify(channel: PushChannel, state: Delivery['state'], person: Person | undefined): void {
    channel.messages += channel.messages === 0 ? 1 : 1 + (channel.messages % 7);
    const delivery: Delivery = {
      channelId: channel.id,
      messageNumber: channel.messages,
      state,
      personId: person?.id,
      attempts: 0,
      outcome: 'pending',
      status: undefined,
    };
    deliveries.push(delivery);
    const body = person
      ? JSON.stringify({
          kind: 'admin#directory#user',
          id: person.id,
          etag: etagOf('message', person.id, channel.messages),
          primaryEmail: person.primaryEmail,
        })
      : '';
    if (isLoopback(channel.address)) void attempt(channel, delivery, body);
    else delivery.outcome = 'refused-address';
  }

  async function attempt(channel: PushChannel, delivery: Delivery, body: string): Promise<void> {
    delivery.attempts += 1;
    delivery.status = await post(channel, delivery, body);
    if (delivery.status !== undefined && [200, 201, 202, 204, 102].includes(delivery.status)) {
      delivery.outcome = 'delivered';
      return;
    }
    if (
      sending.signal.aborted ||
      delivery.status === undefined ||
      !retried.has(delivery.status) ||
      delivery.attempts >= longestAttempts
    ) {
      delivery.outcome = 'failed';
      return;
    }
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        void attempt(channel, delivery, body);
      },
      retryMs() * 2 ** (delivery.attempts - 1),
    );
    timers.add(timer);
  }

  async function post(channel: PushChannel, delivery: Delivery, body: string): Promise<number | undefined> {
    try {
      const response = await fetch(channel.address, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; utf-8',
          'x-goog-channel-id': channel.id,
          ...(channel.token && { 'x-goog-channel-token': channel.token }),
          'x-goog-channel-expiration': new Date(channel.expiresAt).toUTCString(),
          'x-goog-resource-id': channel.resourceId,
          'x-goog-resource-uri': channel.resourceUri,
          'x-goog-resource-state': delivery.state,
          'x-goog-message-number': String(delivery.messageNumber),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([sending.signal, AbortSignal.timeout(10_000)]),
      });
      await response.body?.cancel();
      return response.status;
    } catch {
      return undefined;
    }
  }

  return {
    channels,
    deliveries,
    isTaken: (id: string) => usedIds.has(id),
    open(channel: Omit<PushChannel, 'messages' | 'resourceId'>): PushChannel {
      const resourceId = createHash('sha256').update(channel.resourceUri).digest('base64url').slice(0, 27);
      const opened = { ...channel, resourceId, messages: 0 };
      channels.set(opened.id, opened);
      usedIds.add(opened.id);
      notify(opened, 'sync', undefined);
      return opened;
    },
    changed(customerId: string, event: ChangeEvent, person: Person): void {
      for (const channel of channels.values()) {
        if (channel.customerId !== customerId || (channel.event && channel.event !== event)) continue;
        if (channel.domain && domainOf(person.primaryEmail) !== channel.domain) continue;
        if (channel.expiresAt <= now()) channels.delete(channel.id);
        else notify(channel, event, person);
      }
    },
    reset(): void {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      channels.clear();
      usedIds.clear();
      deliveries.length = 0;
    },
    close(): void {
      sending.abort();
      this.reset();
    },
  };
}

export type PushChannels = ReturnType<typeof createPushChannels>;

export function isLoopback(address: string): boolean {
  const host = new URL(address).hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
