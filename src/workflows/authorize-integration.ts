import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AuthorizationActivities } from '../activities/authorization.ts';
import {
  type AuthorizationOutcome,
  type AuthorizationStarted,
  type AuthorizeIntegrationInput,
  type BeginAuthorization,
  beginAuthorizationUpdate,
  type CompleteAuthorization,
  completeAuthorizationUpdate,
} from '../contracts/authorize-integration.ts';
import { taskQueuesBeside } from '../contracts/task-queues.ts';
import { type ErrorCode, isErrorCode } from '../errors.ts';
import { databaseActivity, exchangeActivity, firstRequestWait } from './options.ts';

/** The consent that counts now. */
interface CurrentRequest {
  readonly requestId: string;
  readonly deadlineMs: number;
}

const createSteps = () => {
  const { google } = taskQueuesBeside(workflowInfo().taskQueue);
  return {
    database: proxyActivities<AuthorizationActivities>(databaseActivity),
    google: proxyActivities<AuthorizationActivities>({ ...exchangeActivity, taskQueue: google }),
  };
};

const codeOf = (error: unknown): ErrorCode => {
  const type = error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause.type : '';
  return isErrorCode(type) ? type : 'UNAVAILABLE';
};

const refuse = (code: ErrorCode, message: string): never => {
  throw ApplicationFailure.create({ type: code, message, nonRetryable: true });
};

/**
 * One consent of one integration, from *Complete the authorization* to its outcome. The id is the lock: a second begin
 * joins and replaces the first request. Refused, failed and expired are results; a grant, once stored, is told to
 * whoever waits for it before this ends.
 */
export async function authorizeIntegration(integration: AuthorizeIntegrationInput): Promise<AuthorizationOutcome> {
  const { database, google } = createSteps();
  const { tenantId } = integration;
  const known = new Set<string>();
  let current: CurrentRequest | undefined;
  let outcome: AuthorizationOutcome | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  /** Begin, completion and expiry never overlap: each sees what the one before has done. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  const begin = async (request: BeginAuthorization): Promise<AuthorizationStarted> => {
    const { expiresInMs, ...started } = await database.createAuthorizationRequest({ ...integration, ...request });
    current = { requestId: request.requestId, deadlineMs: Date.now() + expiresInMs };
    outcome = undefined;
    return started;
  };

  const complete = async (requestId: string): Promise<AuthorizationOutcome> => {
    const key = { tenantId, requestId };
    try {
      return await google.completeAuthorizationRequest(key);
    } catch (error) {
      if (isCancellation(error)) throw error;
      return database.failAuthorizationRequest({ ...key, code: codeOf(error) });
    }
  };

  const settleCurrent = async (requestId: string): Promise<AuthorizationOutcome> => {
    const result = await complete(requestId);
    if (requestId === current?.requestId) outcome = result;
    return result;
  };

  const expireCurrent = async (): Promise<void> => {
    if (outcome || !current || current.deadlineMs > Date.now()) return;
    const { requestId } = current;
    const expired = await database.expireAuthorizationRequest({ tenantId, requestId });
    outcome = expired ?? (await complete(requestId));
  };

  setHandler(
    beginAuthorizationUpdate,
    (request) => {
      known.add(request.requestId);
      return inTurn(() => begin(request));
    },
    {
      validator: ({ requestId, redirectUri, requestedBy }: BeginAuthorization) => {
        if (!requestId || !redirectUri || !requestedBy) refuse('VALIDATION_FAILED', 'The consent lacks a field.');
      },
    },
  );
  setHandler(completeAuthorizationUpdate, ({ requestId }) => inTurn(() => settleCurrent(requestId)), {
    validator: ({ requestId }: CompleteAuthorization) => {
      if (!known.has(requestId)) refuse('AUTHORIZATION_UNKNOWN', 'This consent was not begun here.');
    },
  });

  const untilSettled = async (): Promise<AuthorizationOutcome> => {
    for (;;) {
      const waitedFor = current;
      const isDecided = () => outcome !== undefined || current !== waitedFor;
      const waitMs = waitedFor ? Math.max(waitedFor.deadlineMs - Date.now(), 1) : undefined;
      if (waitMs === undefined) await condition(() => known.size > 0 && allHandlersFinished(), firstRequestWait);
      else if (!(await condition(isDecided, waitMs))) await inTurn(expireCurrent);
      if (outcome?.state === 'authorized') await database.announceGrant(integration);
      await condition(allHandlersFinished);
      if (outcome) return outcome;
      if (!current) return { state: 'failed', code: 'INTEGRATION_NOT_CONFIGURED' };
    }
  };

  try {
    return await untilSettled();
  } catch (error) {
    const abandoned = current?.requestId;
    if (isCancellation(error) && abandoned && !outcome) {
      await CancellationScope.nonCancellable(() =>
        database.discardAuthorizationRequest({ tenantId, requestId: abandoned }),
      );
    }
    throw error;
  }
}
