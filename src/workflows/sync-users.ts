import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { RunStop, UserSyncActivities } from '../activities/user-sync.ts';
import {
  authorizationRenewedSignal,
  cancelRunSignal,
  runRequestedSignal,
  type SyncUsersInput,
} from '../contracts/sync-users.ts';
import { taskQueuesBeside } from '../contracts/task-queues.ts';
import { isErrorCode, kindOf } from '../errors.ts';
import {
  applyActivity,
  databaseActivity,
  photosActivity,
  photosPatienceMs,
  planActivity,
  readDirectoryActivity,
} from './options.ts';

/** The steps of a run, each on the queue of what it needs, in turn with other tenants' steps of the same rank. */
const createSteps = (tenantId: string, rank: number) => {
  const queues = taskQueuesBeside(workflowInfo().taskQueue);
  const priority = { priorityKey: rank, fairnessKey: tenantId };
  return {
    database: proxyActivities<UserSyncActivities>({ ...databaseActivity, priority }),
    planning: proxyActivities<UserSyncActivities>({ ...planActivity, priority }),
    google: proxyActivities<UserSyncActivities>({ ...readDirectoryActivity, taskQueue: queues.google, priority }),
    photos: proxyActivities<UserSyncActivities>({
      ...photosActivity,
      taskQueue: queues.photos,
      priority,
    }),
    pbx: proxyActivities<UserSyncActivities>({ ...applyActivity, taskQueue: queues.pbx, priority }),
  };
};
type Steps = ReturnType<typeof createSteps>;

/** What says how urgent a run is must not wait itself. */
const FIRST_RANK = 1;

interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

interface Problem {
  readonly code: string;
  readonly message: string;
}

const problemOf = (error: unknown): Problem => {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type) return { code: cause.type, message: cause.message };
  return {
    code: 'UNAVAILABLE',
    message: 'A step of the run did not end in the time it was given. What was done stays; sync again to go on.',
  };
};

const stopOf = (error: unknown): RunStop => {
  if (isCancellation(error)) return { kind: 'cancelled' };
  const problem = problemOf(error);
  return problem.code === 'SYNC_RUN_CANCELLED' ? { kind: 'cancelled' } : { kind: 'failed', ...problem };
};

const needsAuthorization = ({ code }: Problem): boolean => isErrorCode(code) && kindOf(code) === 'unauthorized';

const read = async ({ google }: Steps, key: RunKey, what: 'readDirectory' | 'readPeople'): Promise<void> => {
  for (;;) {
    const progress = await google[what](key);
    if (progress.outcome === 'complete') return;
    if (progress.outcome === 'throttled') await sleep(progress.retryAfterMs);
  }
};

const apply = async ({ pbx }: Steps, key: RunKey): Promise<void> => {
  while ((await pbx.applyPlan(key)).outcome === 'more');
};

/**
 * Photos come last and wait for nobody: they are left to the next run when another one waits, and when Google lets none
 * through for too long.
 */
const fetchPhotos = async ({ photos }: Steps, key: RunKey, isWaitedFor: () => boolean): Promise<void> => {
  let lastMovedAt = Date.now();
  for (;;) {
    const progress = await photos.syncPhotos(key);
    if (progress.outcome === 'complete') return;
    if (progress.outcome === 'more' || progress.moved) lastMovedAt = Date.now();
    if (progress.outcome === 'paused') {
      if (Date.now() + progress.retryAfterMs > lastMovedAt + photosPatienceMs) return;
      await condition(isWaitedFor, progress.retryAfterMs);
    }
    if (isWaitedFor()) return;
  }
};

/** Whatever befalls photos, the run ends as its plan did; only its own end or its cancellation is heard. */
const isAboutTheRun = (error: unknown): boolean =>
  isCancellation(error) || ['SYNC_RUN_CANCELLED', 'SYNC_RUN_SUPERSEDED'].includes(problemOf(error).code);

/**
 * The user sync of one tenant: works off the runs it is told of, one after the other, and ends when none is left. The
 * workflow id is the lock. A run whose grant ended waits here, without polling, and reads anew once somebody has
 * authorized again; a failed run is a result with its reason and never fails the workflow.
 */
export async function syncUsers({ tenantId, pendingRunIds = [] }: SyncUsersInput): Promise<void> {
  let steps = createSteps(tenantId, FIRST_RANK);
  const queue = [...pendingRunIds];
  let current: { readonly runId: string; readonly scope: CancellationScope } | undefined;
  let renewals = 0;

  setHandler(runRequestedSignal, ({ runId }) => {
    if (current?.runId !== runId && !queue.includes(runId)) queue.push(runId);
  });
  setHandler(cancelRunSignal, ({ runId }) => {
    if (current?.runId === runId) current.scope.cancel();
  });
  setHandler(authorizationRenewedSignal, () => {
    renewals++;
  });

  const readWhenAuthorized = async (key: RunKey): Promise<void> => {
    for (;;) {
      const renewalsBefore = renewals;
      try {
        return await read(steps, key, 'readDirectory');
      } catch (error) {
        if (isCancellation(error) || !needsAuthorization(problemOf(error))) throw error;
        await steps.database.markRunWaiting(key);
        await condition(() => renewals > renewalsBefore);
        await steps.database.readRunAnew(key);
      }
    }
  };

  const photosAsFarAsTheyCome = async (key: RunKey): Promise<void> => {
    try {
      await fetchPhotos(steps, key, () => queue.length > 0);
    } catch (error) {
      if (isAboutTheRun(error)) throw error;
      await steps.database.notePhotosProblem({ ...key, ...problemOf(error) });
    }
  };

  const perform = async (key: RunKey): Promise<void> => {
    steps = createSteps(tenantId, FIRST_RANK);
    const { ended, reads, cancelled, partial, photos, startsInMs, rank } = await steps.database.describeRun(key);
    if (ended) return;
    steps = createSteps(tenantId, rank);
    if (cancelled) return steps.database.finishRun({ ...key, stop: { kind: 'cancelled' } });
    if (startsInMs > 0) await sleep(startsInMs);
    // A run for a few people never waits for an authorization: it would keep full runs waiting behind it.
    if (partial) await read(steps, key, 'readPeople');
    else if (reads) await readWhenAuthorized(key);
    const { dryRun } = await steps.planning.makePlan(key);
    if (!dryRun) {
      await apply(steps, key);
      if (photos) await photosAsFarAsTheyCome(key);
    }
    await steps.database.finishRun(key);
  };

  const performToItsEnd = async (key: RunKey): Promise<void> => {
    const scope = new CancellationScope();
    current = { runId: key.runId, scope };
    try {
      await scope.run(() => perform(key));
    } catch (error) {
      const stop = stopOf(error);
      log.warn('A sync run ended early', { tenantId, runId: key.runId, stop: stop.kind });
      await CancellationScope.nonCancellable(() => steps.database.finishRun({ ...key, stop }));
      if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
    } finally {
      current = undefined;
    }
  };

  await condition(() => queue.length > 0, '1 minute');
  for (let runId = queue.shift(); runId !== undefined; runId = queue.shift()) {
    await performToItsEnd({ tenantId, runId });
    if (queue.length > 0 && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof syncUsers>({ tenantId, pendingRunIds: queue });
    }
  }
}
