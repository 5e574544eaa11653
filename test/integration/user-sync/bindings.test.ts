import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AppError } from '../../../src/errors.ts';
import { BOOTSTRAP_ACTOR as actor } from '../../../src/tenants/index.ts';
import { DEFAULT_SETTINGS } from '../../../src/user-sync/index.ts';
import { peopleFrom, person } from '../../support/scripted-directory.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

let world: SyncWorld;
let tenantId: string;
beforeEach(async () => {
  world = await createSyncWorld();
  tenantId = world.tenantId;
  world.directory.people = peopleFrom(1, 4);
});
afterEach(() => world.close());

const signal = new AbortController().signal;
const extension = (extensionNumber: number, email: string | null = null) =>
  world.people.create({ tenantId, displayName: `Desk ${extensionNumber}`, extensionNumber, email });
const add = (googleId: string, userId: string) =>
  world.userSync.bindings.add(actor, { tenantId, googleId, userId, signal });
const list = () => world.userSync.bindings.list(actor, { tenantId, limit: 50 });
const everybody = async () =>
  (await world.people.list({ tenantId, limit: 50 })).map(({ googleId, extensionNumber, displayName }) => [
    googleId,
    extensionNumber,
    displayName,
  ]);
const refused = (code: string, words: string) =>
  expect.objectContaining({ code, publicMessage: expect.stringContaining(words) });

describe('a binding made by hand', () => {
  test('wins over matching: the person keeps that extension, and the next sync writes to it', async () => {
    const chosen = await extension(2000);
    await extension(2001, person(1).primaryEmail);
    const row = await add(person(1).id, chosen.id);
    expect(row).toMatchObject({ google_id: person(1).id, extension_number: '2000', origin: 'hand' });
    await world.runOnce();
    expect((await everybody()).filter(([googleId]) => googleId === person(1).id)).toEqual([
      [person(1).id, '2000', 'Person No 1'],
    ]);
  });

  test('takes the address of a person for the person', async () => {
    const desk = await extension(2000);
    expect(await add(person(2).primaryEmail, desk.id)).toMatchObject({ google_id: person(2).id });
  });

  test('says what stands against it: the person’s other extension, or the extension’s other person', async () => {
    const [one, two] = [await extension(2000), await extension(2001)];
    await add(person(1).id, one.id);
    await expect(add(person(1).id, two.id)).rejects.toEqual(refused('CONFLICT', 'the extension 2000 already'));
    await expect(add(person(2).id, one.id)).rejects.toEqual(refused('CONFLICT', person(1).primaryEmail));
    expect(await list()).toHaveLength(1);
  });

  test('made twice at once is made once', async () => {
    const [one, two] = [await extension(2000), await extension(2001)];
    const tried = await Promise.allSettled([add(person(1).id, one.id), add(person(1).id, two.id)]);
    expect(tried.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await list()).toHaveLength(1);
  });

  test('needs a person whom Google knows and an extension of this tenant', async () => {
    const desk = await extension(2000);
    await expect(add('424242', desk.id)).rejects.toEqual(refused('VALIDATION_FAILED', 'no such person'));
    await expect(add(person(1).id, '00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    world.directory.faults = [new AppError('GOOGLE_UNAVAILABLE', 'Away.')];
    await expect(add(person(1).id, desk.id)).rejects.toMatchObject({ code: 'GOOGLE_UNAVAILABLE' });
    expect(await list()).toEqual([]);
  });

  test('that is deleted leaves the extension as it is', async () => {
    const desk = await extension(2000);
    await add(person(1).id, desk.id);
    await world.userSync.bindings.remove(actor, tenantId, person(1).id);
    expect(await list()).toEqual([]);
    expect(await world.people.get(tenantId, desk.id)).toMatchObject({ enabled: true, googleId: null });
    await expect(world.userSync.bindings.remove(actor, tenantId, person(1).id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('the table of bindings', () => {
  test('is in the order of numbers, in pages, and found by name, address and number', async () => {
    await world.runOnce();
    const first = await world.userSync.bindings.list(actor, { tenantId, limit: 3 });
    expect(first.map((row) => row.extension_number)).toEqual(['1000', '1001', '1002']);
    const rest = await world.userSync.bindings.list(actor, { tenantId, limit: 3, afterNumber: 1002 });
    expect(rest.map((row) => row.google_email)).toEqual([person(4).primaryEmail]);
    const found = await world.userSync.bindings.list(actor, { tenantId, limit: 3, search: 'person3@' });
    expect(found.map((row) => row.google_id)).toEqual([person(3).id]);
  });
});

describe('matching by e-mail', () => {
  const match = () => world.userSync.bindings.match(actor, tenantId);

  test('asks for a preview first, when nobody was read yet', async () => {
    await expect(match()).rejects.toEqual(refused('SYNC_NOT_READ_YET', 'Make a preview first'));
  });

  test('proposes by the rules of a sync and shows conflicts, whatever link by e-mail says, and changes nothing', async () => {
    await world.userSync.settings.save({ tenantId, change: { linkByEmail: false } });
    const desk = await extension(2000, 'PERSON1@acme.example');
    await extension(2001, person(2).primaryEmail);
    await extension(2002, person(2).primaryEmail);
    world.directory.people[2] = person(3, { suspended: true });
    await extension(2003, person(3).primaryEmail);
    await world.runOnce({ dryRun: true });
    expect(await match()).toEqual({
      proposals: [
        {
          ...{ googleId: person(1).id, email: person(1).primaryEmail, name: 'Person No 1' },
          ...{ userId: desk.id, extensionNumber: '2000', displayName: 'Desk 2000' },
        },
      ],
      conflicts: [
        {
          ...{ googleId: person(2).id, email: person(2).primaryEmail, name: 'Person No 2' },
          reason: 'several-extensions-with-email',
        },
      ],
      more: false,
    });
    expect(await list()).toEqual([]);
  });

  test('proposes nobody who is out of scope, because the next sync would take the extension away', async () => {
    await extension(2000, person(1).primaryEmail);
    const scope = { ...DEFAULT_SETTINGS.scope, type: 'except' as const, users: [person(1).id] };
    await world.userSync.settings.save({ tenantId, change: { scope } });
    await world.runOnce({ dryRun: true });
    expect((await match()).proposals).toEqual([]);
  });

  test('saves exactly what was confirmed, once, and nothing whose address differs', async () => {
    const [one, two, three] = [
      await extension(2000, person(1).primaryEmail),
      await extension(2001, person(2).primaryEmail),
      await extension(2002, 'somebody@else.example'),
    ];
    await world.runOnce({ dryRun: true });
    const pairs = [
      { googleId: person(1).id, userId: one.id },
      { googleId: person(4).id, userId: three.id },
    ];
    expect(await world.userSync.bindings.saveMatches(actor, tenantId, pairs)).toEqual([person(1).id]);
    expect(await world.userSync.bindings.saveMatches(actor, tenantId, pairs)).toEqual([]);
    expect((await list()).map((row) => row.user_id)).toEqual([one.id]);
    expect((await match()).proposals.map(({ userId }) => userId)).toEqual([two.id]);
  });
});

test('One tenant never binds or sees another one’s.', async () => {
  const desk = await extension(2000);
  await add(person(1).id, desk.id);
  const other = await world.newTenant();
  expect(await world.userSync.bindings.list(actor, { tenantId: other, limit: 5 })).toEqual([]);
  const foreign = world.userSync.bindings.add(actor, {
    tenantId: other,
    googleId: person(1).id,
    userId: desk.id,
    signal,
  });
  await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(world.userSync.bindings.remove(actor, other, person(1).id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
