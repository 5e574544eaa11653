import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError } from '../../errors.ts';
import type { Commit } from './checkpoints.ts';
import {
  addRunPeople,
  claimForOneUser,
  insertPartialRun,
  isCollected,
  lockCollectingRun,
  type PartialTrigger,
} from './partial-run-queries.ts';
import type { RequestedRun } from './requested-run.ts';

export interface RequestPeople {
  readonly tenantId: string;
  /** Google ids or e-mail addresses. */
  readonly keys: readonly string[];
  readonly trigger: PartialTrigger;
  readonly requestedBy: string | null;
  /** Runs in the transaction that puts the people into the run. */
  readonly alongside?: (em: EntityManager, runId: string) => void;
}

export interface RequestPeopleDependencies {
  readonly commit: Commit;
  readonly clock: Clock;
  /** @throws AppError when the tenant cannot sync, saying what to do first */
  readonly requireReady: (tenantId: string) => Promise<void>;
  readonly handOver: (tenantId: string, runId: string) => Promise<void>;
}

/** One request each at Google: beyond this, a full run of 500 people a request is faster and is left to do it. */
const MOST_PEOPLE = 10_000;

/** A Google id, or an e-mail address in the one spelling that it is compared in. */
export const personKeyOf = (given: string): string => given.trim().toLowerCase();

/**
 * Asks for a run over a few people: they join the run that has not begun yet, or make one. It waits for its turn behind
 * whatever runs. Asking again for the same person changes nothing.
 *
 * @throws AppError SYNC_NOT_CONFIGURED, INTEGRATION_NOT_ACTIVE, GOOGLE_SCOPE_MISSING, SYNC_TOO_MANY_WAITING
 */
export const createRequestPeople = ({ commit, clock, requireReady, handOver }: RequestPeopleDependencies) => {
  const join = (request: RequestPeople, keys: readonly string[]) =>
    commit('run-requested', async (em): Promise<RequestedRun | undefined> => {
      const { tenantId, trigger, requestedBy } = request;
      const collecting = await lockCollectingRun(em, tenantId);
      const runId = collecting ?? randomUUID();
      if (!collecting && !(await insertPartialRun(em, { tenantId, runId, trigger, requestedBy, now: clock() }))) {
        return undefined;
      }
      if (!(await addRunPeople(em, tenantId, runId, keys, MOST_PEOPLE))) throw tooManyWaiting();
      if (collecting && trigger === 'one-user') await claimForOneUser(em, tenantId, runId, requestedBy);
      request.alongside?.(em, runId);
      return { runId, joined: collecting !== undefined };
    });

  return async (request: RequestPeople): Promise<RequestedRun> => {
    await requireReady(request.tenantId);
    const keys = request.keys.map(personKeyOf);
    for (;;) {
      const asked = await join(request, keys);
      if (!asked) continue;
      const handedOver = () => handOver(request.tenantId, asked.runId);
      // Joined by an administrator: its workflow may have been terminated, and telling of a run again is harmless.
      if (request.trigger === 'one-user') await handedOver();
      // Google waits for an answer of milliseconds; a run that could not be handed over is found again.
      else if (!asked.joined) void handedOver();
      return asked;
    }
  };
};

/** Whether a run that has not begun will read this person anyway. */
export const createIsWaiting =
  (orm: Orm) =>
  (tenantId: string, person: string): Promise<boolean> =>
    isCollected(orm.em.fork(), tenantId, personKeyOf(person));

const tooManyWaiting = (): AppError =>
  new AppError(
    'SYNC_TOO_MANY_WAITING',
    `More than ${MOST_PEOPLE.toLocaleString('en')} people wait to be synchronized one by one. Use "Sync now", which ` +
      'reads them all together.',
  );
