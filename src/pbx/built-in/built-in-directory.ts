import type { EntityManager, Orm } from '../../db/orm.ts';
import type { PbxChange, PbxDirectory, PbxOutcome, SettleOutcomes } from '../directory.ts';
import {
  deleteUsers,
  existingUsers,
  insertUsers,
  selectNumbersInUse,
  selectUsersLeft,
  type UserRevision,
  updateUsers,
} from './built-in-queries.ts';

/** SQLSTATE classes of a value that the database refuses: 22 (data exception) and 23 (constraint). */
const isRefusedValue = (error: unknown): boolean => {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^2[23][0-9A-Z]{3}$/.test(cause.code)) return true;
  }
  return false;
};

const doneById = (rows: readonly UserRevision[]) => new Map(rows.map(({ id, revision }) => [id, revision]));

const done = (userId: string, revision: number): PbxOutcome => ({ userId, result: 'done', revision });

const createUsers = async (em: EntityManager, tenantId: string, changes: readonly PbxChange[]) => {
  const creates = changes.filter((change) => change.kind === 'create');
  if (creates.length === 0) return [];
  const before = doneById(
    await existingUsers(
      em,
      tenantId,
      creates.map(({ userId }) => userId),
    ),
  );
  const missing = creates.filter(({ userId }) => !before.has(userId));
  const usersLeft = await selectUsersLeft(em, tenantId);
  const licensed = usersLeft === null ? missing : missing.slice(0, usersLeft);
  const unlicensed = new Set(missing.slice(licensed.length).map(({ userId }) => userId));
  const made = doneById(await insertUsers(em, tenantId, licensed));
  const missed = creates.map(({ userId }) => userId).filter((userId) => !before.has(userId) && !made.has(userId));
  const madeMeanwhile = doneById(await existingUsers(em, tenantId, missed));
  return creates.map(({ userId, extensionNumber }): PbxOutcome => {
    const revision = before.get(userId) ?? made.get(userId) ?? madeMeanwhile.get(userId);
    if (revision !== undefined) return done(userId, revision);
    if (unlicensed.has(userId)) {
      const message = 'The licence of this tenant allows no more users. Raise it or delete users, then sync again.';
      return { userId, result: 'failed', code: 'PBX_LICENCE_USED_UP', message };
    }
    const message = `The number ${extensionNumber} was taken by something else since the plan was made. The next run plans another.`;
    return { userId, result: 'failed', code: 'PBX_NUMBER_TAKEN', message };
  });
};

const changeUsers = async (em: EntityManager, tenantId: string, all: readonly PbxChange[]) => {
  const changes = all.filter((change) => change.kind === 'change');
  if (changes.length === 0) return [];
  const changed = doneById(await updateUsers(em, tenantId, changes));
  const missed = changes.map(({ userId }) => userId).filter((userId) => !changed.has(userId));
  const present = doneById(await existingUsers(em, tenantId, missed));
  return changes.map(({ userId }): PbxOutcome => {
    const revision = changed.get(userId);
    if (revision !== undefined) return done(userId, revision);
    if (present.has(userId)) {
      const message = 'The extension was changed since the plan was made. The next run looks at it again.';
      return { userId, result: 'failed', code: 'PBX_USER_CHANGED', message };
    }
    const message = 'The extension was deleted since the plan was made. The next run looks at the person again.';
    return { userId, result: 'failed', code: 'PBX_USER_NOT_FOUND', message };
  });
};

const removeUsers = async (em: EntityManager, tenantId: string, all: readonly PbxChange[]) => {
  const deletes = all.filter((change) => change.kind === 'delete');
  if (deletes.length === 0) return [];
  const gone = await deleteUsers(em, tenantId, deletes);
  const kept = deletes.map(({ userId }) => userId).filter((userId) => !gone.has(userId));
  const present = doneById(await existingUsers(em, tenantId, kept));
  return deletes.map(({ userId, expectedRevision }): PbxOutcome => {
    if (!present.has(userId)) return done(userId, expectedRevision);
    const message =
      'The extension was changed since the plan was made, so it was not deleted. The next run looks again.';
    return { userId, result: 'failed', code: 'PBX_USER_CHANGED', message };
  });
};

/** The PBX whose users are rows of our own database: effect and bookkeeping share one transaction. */
export const createBuiltInDirectory = (orm: Orm, tenantId: string): PbxDirectory => {
  const applyTogether = (changes: readonly PbxChange[], settle: SettleOutcomes): Promise<void> =>
    orm.em.fork().transactional(async (em) => {
      const outcomes = [
        ...(await removeUsers(em, tenantId, changes)),
        ...(await createUsers(em, tenantId, changes)),
        ...(await changeUsers(em, tenantId, changes)),
      ];
      await settle(outcomes, em);
    });

  const refuse = ({ userId }: PbxChange, settle: SettleOutcomes): Promise<void> =>
    orm.em.fork().transactional((em) => {
      const message = 'The PBX does not accept one of this person’s values. Look at name, e-mail and phones in Google.';
      return settle([{ userId, result: 'failed', code: 'PBX_VALUE_REJECTED', message }], em);
    });

  /** One refused value undoes its batch; halving the batch finds that one and lets all others through. */
  const applyHalving = async (changes: readonly PbxChange[], settle: SettleOutcomes): Promise<void> => {
    try {
      await applyTogether(changes, settle);
    } catch (error) {
      const [only] = changes;
      if (!only || !isRefusedValue(error)) throw error;
      if (changes.length === 1) return refuse(only, settle);
      const middle = Math.ceil(changes.length / 2);
      await applyHalving(changes.slice(0, middle), settle);
      await applyHalving(changes.slice(middle), settle);
    }
  };

  return {
    numbersInUse: ({ from, to }) => selectNumbersInUse(orm.em.fork(), tenantId, from, to),
    usersLeft: () => selectUsersLeft(orm.em.fork(), tenantId),
    async apply(changes, settle, signal) {
      signal?.throwIfAborted();
      if (changes.length > 0) await applyHalving(changes, settle);
    },
  };
};
