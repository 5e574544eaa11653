import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { AppError } from '../../../src/errors.ts';
import { person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld, type SyncWorldOptions } from '../../support/sync-world.ts';

const HOUR_MS = 60 * 60_000;
const EVENTS = ['add', 'undelete', 'update'];

let world: SyncWorld;
let tenantId: string;

const open = async (options: SyncWorldOptions = {}) => {
  world = await createSyncWorld(options);
  tenantId = world.tenantId;
  await world.userSync.connectedData.drop(world.orm.em.fork(), tenantId);
  await world.userSync.settings.save({ tenantId, change: { mode: 'automatic' } });
};
beforeEach(() => open());
afterEach(() => world.close());

const keep = () => world.userSync.push.keep({ tenantId }, world.control);
const view = () => world.userSync.push.view(tenantId);
const later = (ms: number) => {
  world.now.value = new Date(world.now.value.getTime() + ms);
};
const liveEvents = () => world.channels.live.map(({ event }) => event).toSorted();
const rows = async () =>
  (
    await sql<{ state: string }>`select state from push_channels where tenant_id = ${tenantId}`.execute(
      world.orm.em.fork().getKysely(),
    )
  ).rows.map(({ state }) => state);
const channel = (event = 'update') => {
  const found = world.channels.live.find((one) => one.event === event);
  if (!found) throw new Error(`no channel for ${event}`);
  return found;
};
const message = (change: Partial<Parameters<typeof world.userSync.push.receive>[0]> = {}) => ({
  ...{ channelId: channel().id, token: channel().token, resourceId: 'resource-update', state: 'update' },
  googleId: '100000001',
  ...change,
});
const receive = (change = {}) => world.userSync.push.receive(message(change));
const runs = () => world.userSync.runs.list({ tenantId, limit: 50 });

describe('keeping the channels', () => {
  test('opens one per event that matters, and looks again before the first of them ends', async () => {
    expect(await keep()).toEqual({ next: 'wait', delayMs: 4.5 * HOUR_MS });
    expect(liveEvents()).toEqual(EVENTS);
    expect(channel()).toMatchObject({ address: 'https://pbx.example.com/google/notifications', ttlSeconds: 21_600 });
    expect(new Set(world.channels.opened.map(({ token }) => token)).size).toBe(3);
  });

  test('again and again opens nothing more', async () => {
    await keep();
    later(4 * HOUR_MS);
    expect(await keep()).toEqual({ next: 'wait', delayMs: 0.5 * HOUR_MS });
    expect(world.channels.opened).toHaveLength(3);
  });

  test('opens the next channel before it stops the old one, and tells them apart by their tokens', async () => {
    await keep();
    const old = channel();
    later(4.6 * HOUR_MS);
    let liveAtOpening = 0;
    world.channels.beforeAnswer = async () => {
      liveAtOpening = Math.max(liveAtOpening, world.channels.live.length);
    };
    await keep();
    expect(liveAtOpening).toBe(6);
    expect(liveEvents()).toEqual(EVENTS);
    expect(channel().token).not.toBe(old.token);
    expect(world.channels.stopped).toContain(old.id);
    expect(await rows()).toEqual(['open', 'open', 'open']);
    expect(await receive({ channelId: old.id, token: old.token })).toBe('unknown');
  });

  test('obeys a shorter life than it asked for', async () => {
    world.channels.lifeMs = 60_000;
    expect(await keep()).toEqual({ next: 'wait', delayMs: 45_000 });
  });

  test('goes on where an attempt died: what it left at Google is stopped, what is open stays', async () => {
    await keep();
    const left = '11111111-1111-4111-8111-111111111111';
    await sql`
      insert into push_channels (tenant_id, id, event, generation, state, token_hash, resource_id, begun_at)
      values (${tenantId}, ${left}, 'update', 7, 'opening', 'x', 'resource-update', now())`.execute(
      world.orm.em.fork().getKysely(),
    );
    await keep();
    expect(world.channels.stopped).toEqual([left]);
    expect(world.channels.opened).toHaveLength(3);
    expect(await rows()).toEqual(['open', 'open', 'open']);
  });

  test('waits longer after each failure, as long as Google asks, and says what fails', async () => {
    const away = () => new AppError('GOOGLE_UNAVAILABLE', 'Google is away.');
    world.channels.faults = [away(), away(), new AppError('GOOGLE_RATE_LIMITED', 'slow', { retryAfterMs: 99_000 })];
    expect(await keep()).toEqual({ next: 'wait', delayMs: 5_000 });
    expect(await view()).toMatchObject({ state: 'failing', problem: { code: 'GOOGLE_UNAVAILABLE' } });
    expect(await keep()).toEqual({ next: 'wait', delayMs: 10_000 });
    expect(await keep()).toEqual({ next: 'wait', delayMs: 99_000 });
    expect(await keep()).toMatchObject({ next: 'wait', delayMs: 4.5 * HOUR_MS });
    expect(await view()).toMatchObject({ state: 'unproven', problem: null });
    expect(await rows()).toEqual(['open', 'open', 'open']);
  });

  test('comes back after an hour when Google does not take the address', async () => {
    world.channels.faults = [new AppError('GOOGLE_PUSH_REFUSED', 'Not this address.')];
    expect(await keep()).toEqual({ next: 'wait', delayMs: HOUR_MS });
  });

  test('keeps an open channel while its successor cannot be opened', async () => {
    await keep();
    later(5 * HOUR_MS);
    world.channels.faults = [new AppError('GOOGLE_UNAVAILABLE', 'away')];
    await keep();
    expect(liveEvents()).toEqual(EVENTS);
    expect(await receive()).toBe('accepted');
  });

  test('rests when the authorization is over, and stops nothing it cannot', async () => {
    await keep();
    world.access.requireReady = () => Promise.reject(new AppError('GRANT_REVOKED', 'Authorize again.'));
    world.channels.stopFaults = [new AppError('GOOGLE_NOT_FOUND', 'no'), new AppError('GRANT_REVOKED', 'no')];
    expect(await keep()).toEqual({ next: 'rest' });
    expect(await rows()).toEqual([]);
    expect(await view()).toMatchObject({ state: 'not-possible', problem: { code: 'GRANT_REVOKED' } });
  });

  test('is being switched on, and not failing, until what hindered it before has been looked at again', async () => {
    await world.userSync.settings.save({ tenantId, change: { paused: true } });
    await keep();
    await world.userSync.settings.save({ tenantId, change: { paused: false } });
    expect(await view()).toMatchObject({ state: 'starting', problem: null });
    world.channels.faults = [new AppError('GOOGLE_UNAVAILABLE', 'away')];
    await keep();
    expect(await view()).toMatchObject({ state: 'failing', problem: { code: 'GOOGLE_UNAVAILABLE' } });
  });

  test.each([
    ['paused', { paused: true }, 'PUSH_PAUSED'],
    ['in manual mode', { mode: 'manual' as const }, 'PUSH_NOT_AUTOMATIC'],
  ])('rests while the sync is %s, and stops what is open', async (_, change, code) => {
    await keep();
    if ('mode' in change) await world.userSync.connectedData.drop(world.orm.em.fork(), tenantId);
    await world.userSync.settings.save({ tenantId, change });
    expect(await keep()).toEqual({ next: 'rest' });
    expect(world.channels.live).toEqual([]);
    expect(await view()).toMatchObject({ state: 'not-possible', problem: { code }, channels: [] });
  });

  test.each([
    ['http://localhost:3000', false],
    ['http://pbx.example.com', false],
    ['https://192.0.2.7', false],
    ['https://pbx.local', false],
    ['https://pbx', false],
  ])('is not possible at %s, and says what to set', async (publicUrl, googleIsHere) => {
    await world.close();
    await open({ address: { publicUrl, googleIsHere } });
    expect(await keep()).toEqual({ next: 'rest' });
    expect(await view()).toMatchObject({
      state: 'not-possible',
      problem: { code: 'PUSH_ADDRESS_NOT_PUBLIC', message: expect.stringContaining('PUBLIC_URL') },
    });
    expect(world.channels.opened).toEqual([]);
  });

  test('is possible on this machine with a Google on this machine', async () => {
    await world.close();
    await open({ address: { publicUrl: 'http://localhost:3000', googleIsHere: true } });
    expect(await keep()).toMatchObject({ next: 'wait' });
  });
});

describe('looking after the neglected', () => {
  const looked = async () => {
    const told: string[] = [];
    world.keeper.look = async (id) => {
      told.push(id);
    };
    await world.userSync.push.lookAfterNeglected();
    return told;
  };

  test('finds who is new, who is overdue and who has channels without a right to them, and nobody else', async () => {
    const manual = await world.newTenant();
    expect(await looked()).toEqual([tenantId]);
    await keep();
    expect(await looked()).toEqual([]);
    later(4.6 * HOUR_MS);
    expect(await looked()).toEqual([tenantId]);
    await keep();
    await world.userSync.settings.save({ tenantId, change: { paused: true } });
    expect(await looked()).toEqual([tenantId]);
    await keep();
    expect(await looked()).toEqual([]);
    expect(manual).not.toBe(tenantId);
  });

  test('goes on with the others when one cannot be told', async () => {
    world.keeper.look = () => Promise.reject(new Error('Temporal is away'));
    await world.userSync.push.lookAfterNeglected();
    expect(await looked()).toEqual([tenantId]);
  });
});

describe('a message of Google', () => {
  beforeEach(async () => {
    await keep();
  });

  test('proves the channel when it is the first one, even before Google answered the opening', async () => {
    expect(await view()).toMatchObject({ state: 'unproven' });
    later(5 * HOUR_MS);
    const seen: string[] = [];
    world.channels.beforeAnswer = async ({ id, token, event }) => {
      const sync = { channelId: id, token, resourceId: `resource-${event}`, state: 'sync', googleId: undefined };
      seen.push(await world.userSync.push.receive(sync));
    };
    await keep();
    expect(seen).toEqual(['proven', 'proven', 'proven']);
    expect(await view()).toMatchObject({ state: 'on', problem: null });
    expect(await runs()).toEqual([]);
  });

  test('has the person read and changed by a run of few, and no full run', async () => {
    await world.runOnce();
    later(1_000);
    world.directory.asked.length = 0;
    world.directory.people[0] = person(1, { suspended: true });
    expect(await receive()).toBe('accepted');
    const [run] = await runs();
    expect(run).toMatchObject({ trigger: 'push', partial: true });
    const key = { tenantId, runId: run?.id ?? '' };
    await world.userSync.readPeople(key, world.control);
    await world.userSync.makePlan(key, world.control);
    await world.userSync.applyPlan(key, world.control);
    const people = await world.people.list({ tenantId, limit: 500 });
    expect(people.filter(({ enabled }) => !enabled).map(({ googleId }) => googleId)).toEqual(['100000001']);
    expect(world.directory.asked).toEqual([]);
  });

  test('that comes a thousand times, of one person or of many, is one run', async () => {
    for (let n = 0; n < 20; n++) {
      await Promise.all(Array.from({ length: 10 }, (_, i) => receive({ googleId: String(100_000_001 + (i % 4)) })));
    }
    const [run, ...others] = await runs();
    expect(others).toEqual([]);
    await world.userSync.readPeople({ tenantId, runId: run?.id ?? '' }, world.control);
    expect(world.directory.askedFor).toHaveLength(4);
  });

  test.each([
    ['another token', { token: 'guessed' }],
    ['another resource', { resourceId: 'resource-add' }],
    ['an unknown channel', { channelId: '00000000-0000-4000-8000-000000000000' }],
  ])('with %s is not known, and changes nothing', async (_, change) => {
    expect(await receive(change)).toBe('unknown');
    expect(await receive({ ...change, state: 'sync' })).toBe('unknown');
    expect(await runs()).toEqual([]);
    expect(await view()).toMatchObject({ state: 'unproven' });
  });

  test('on a channel that has ended is not known', async () => {
    const late = message();
    later(6 * HOUR_MS + 1);
    expect(await world.userSync.push.receive(late)).toBe('unknown');
  });

  test('on both channels, while one replaces the other, is one run', async () => {
    const old = message();
    later(5 * HOUR_MS);
    world.channels.beforeAnswer = async ({ id, token, event }) => {
      if (event !== 'update') return;
      expect(await world.userSync.push.receive(old)).toBe('accepted');
      expect(await world.userSync.push.receive({ ...old, channelId: id, token })).toBe('accepted');
    };
    await keep();
    expect(await runs()).toHaveLength(1);
  });

  test('while the sync is paused or the authorization over is taken and does nothing', async () => {
    world.access.requireReady = () => Promise.reject(new AppError('GRANT_REVOKED', 'Authorize again.'));
    expect(await receive()).toBe('accepted');
    world.access.requireReady = async () => undefined;
    await world.userSync.settings.save({ tenantId, change: { paused: true } });
    expect(await receive()).toBe('accepted');
    expect(await runs()).toEqual([]);
  });

  test('that names nobody is taken and does nothing', async () => {
    expect(await receive({ googleId: undefined })).toBe('accepted');
    expect(await runs()).toEqual([]);
  });

  test('beyond what one channel may send is told to come again', async () => {
    const receipts = await Promise.all(Array.from({ length: 300 }, () => receive()));
    expect(new Set(receipts)).toEqual(new Set(['accepted', 'busy']));
    expect(
      await receive({ channelId: channel('add').id, token: channel('add').token, resourceId: 'resource-add' }),
    ).toBe('accepted');
  });
});

test('stopping all channels twice leaves none, at Google and here', async () => {
  await keep();
  await world.userSync.push.stop({ tenantId });
  await world.userSync.push.stop({ tenantId });
  expect(world.channels.live).toEqual([]);
  expect(await rows()).toEqual([]);
});

test('no token of a channel is stored as it is', async () => {
  await keep();
  const stored = await sql`select * from push_channels where tenant_id = ${tenantId}`.execute(
    world.orm.em.fork().getKysely(),
  );
  for (const { token } of world.channels.opened) expect(JSON.stringify(stored.rows)).not.toContain(token);
});
