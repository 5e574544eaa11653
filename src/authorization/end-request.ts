import type { AuthorizationOutcome } from '../contracts/index.ts';
import type { ErrorCode } from '../errors.ts';
import type { AuthorizationDependencies } from './dependencies.ts';
import { loadRequest, outcomeOf, type RequestKey, settle, settlement } from './requests.ts';

/** Ends of a request that Google has no part in. */
export const createRequestEnder = ({ orm, clock }: Pick<AuthorizationDependencies, 'orm' | 'clock'>) => ({
  /**
   * Ends a request that nobody answered in time.
   *
   * @returns undefined when it was answered after all: then it is still to be completed
   */
  async expireRequest(key: RequestKey): Promise<AuthorizationOutcome | undefined> {
    const em = orm.em.fork();
    const request = await loadRequest(em, key);
    if (request.state === 'pending') await settle(em, key, settlement('expired', clock(), 'AUTHORIZATION_EXPIRED'));
    return outcomeOf(await loadRequest(orm.em.fork(), key));
  },

  /** Ends a request that could not be completed in the time there was. */
  async failRequest(key: RequestKey & { readonly code: ErrorCode }): Promise<AuthorizationOutcome> {
    await settle(orm.em.fork(), key, settlement('failed', clock(), key.code));
    return outcomeOf(await loadRequest(orm.em.fork(), key)) ?? { state: 'failed', code: key.code };
  },

  /** Drops a request that nobody wants any more. */
  async discardRequest(key: RequestKey): Promise<void> {
    await settle(orm.em.fork(), key, settlement('cancelled', clock()));
  },
});
