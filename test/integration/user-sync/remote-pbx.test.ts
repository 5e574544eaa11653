import { afterEach, describe, expect, test } from '@jest/globals';
import type { Orm } from '../../../src/db/orm.ts';
import { createBuiltInDirectory, type PbxDirectory, type PbxOutcome } from '../../../src/pbx/index.ts';
import { createSyncWorld, type SyncWorld } from '../../support/sync-world.ts';

type RemoteScript = {
  /** Calls that reached the remote system, by user. */
  readonly calls: string[];
  /** The process dies after this many effects, before any of them was told. */
  dieAfter: number;
  /** Display names that the remote system refuses. */
  refused: Set<string>;
};

/**
 * A PBX as a remote one is: a call per user, no transaction with us, and each answer told by itself. Behind it stands
 * the built-in one, so that what it did can be looked at.
 */
const oneByOne = (orm: Orm, tenantId: string, script: RemoteScript): PbxDirectory => {
  const remote = createBuiltInDirectory(orm, tenantId);
  return {
    numbersInUse: (range) => remote.numbersInUse(range),
    usersLeft: () => remote.usersLeft(),
    async apply(changes, settle) {
      for (const change of changes) {
        const { userId } = change;
        script.calls.push(userId);
        const outcomes: PbxOutcome[] = [];
        if (change.kind === 'create' && script.refused.has(change.fields.displayName)) {
          outcomes.push({ userId, result: 'failed', code: 'PBX_VALUE_REJECTED', message: 'Not this name.' });
        } else {
          await remote.apply([change], async (told) => {
            outcomes.push(...told);
          });
        }
        if (--script.dieAfter === 0) throw new Error('the process died before it could tell');
        await settle(outcomes);
      }
    },
  };
};

let world: SyncWorld;
afterEach(() => world.close());

const begin = async (script: RemoteScript) => {
  world = await createSyncWorld({ pbxOf: (orm, tenantId) => oneByOne(orm, tenantId, script) });
};
const people = () => world.people.list({ tenantId: world.tenantId, limit: 100 });
const planned = async () => {
  const { runId } = await world.userSync.runs.request({
    tenantId: world.tenantId,
    requestedBy: null,
    trigger: 'manual',
  });
  const key = { tenantId: world.tenantId, runId };
  await world.userSync.readDirectory(key, world.control);
  await world.userSync.makePlan(key, world.control);
  return key;
};

describe('a PBX that takes one call for each user', () => {
  test('ends with everybody, bound and numbered, as the built-in one does', async () => {
    const script = { calls: [], dieAfter: Number.POSITIVE_INFINITY, refused: new Set<string>() };
    await begin(script);
    const run = await world.userSync.runs.find(world.tenantId, await world.runOnce());
    expect(run).toMatchObject({ state: 'succeeded', done: 12, failed: 0 });
    expect((await people()).every(({ googleId }) => googleId)).toBe(true);
    expect(script.calls).toHaveLength(12);
  });

  test('makes nobody twice when an answer was lost', async () => {
    const script = { calls: [] as string[], dieAfter: 4, refused: new Set<string>() };
    await begin(script);
    const key = await planned();
    await expect(world.userSync.applyPlan(key, world.control)).rejects.toThrow('died');
    await world.userSync.applyPlan(key, world.control);
    await world.userSync.finishRun(key);
    expect(await people()).toHaveLength(12);
    expect((await people()).every(({ googleId }) => googleId)).toBe(true);
    expect(await world.userSync.runs.find(world.tenantId, key.runId)).toMatchObject({ state: 'succeeded', done: 12 });
  });

  test('fails one person where it refuses one, and goes on with the others', async () => {
    const script = { calls: [], dieAfter: Number.POSITIVE_INFINITY, refused: new Set(['Person No 7']) };
    await begin(script);
    const runId = await world.runOnce();
    expect(await world.userSync.runs.find(world.tenantId, runId)).toMatchObject({
      state: 'partly',
      done: 11,
      failed: 1,
    });
    const failed = await world.userSync.runs.listChanges({
      tenantId: world.tenantId,
      runId,
      limit: 10,
      status: 'failed',
    });
    expect(failed).toMatchObject([{ displayName: 'Person No 7', errorCode: 'PBX_VALUE_REJECTED' }]);
  });
});
