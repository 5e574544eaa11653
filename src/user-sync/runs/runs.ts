import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { containing } from '../../db/containing.ts';
import { type PlanChange, PlanChangeEntity, type SyncRun, SyncRunEntity } from '../../db/entities/index.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError, notFound } from '../../errors.ts';
import { type PhotoProblem, savePhotosProblem } from '../photos/photo-run-queries.ts';
import type { ChangeStatus, PlanAction } from '../plan/plan-types.ts';
import type { DirectoryAccess, RunStarter } from '../ports.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { Commit } from './checkpoints.ts';
import type { SyncPace } from './pace.ts';
import { createIsWaiting, createRequestPeople } from './request-people.ts';
import type { RequestedRun } from './requested-run.ts';
import { insertRun, markCancelRequested, markStep, restartListing, selectUnstartedRuns } from './run-queries.ts';
import { rankOf } from './urgency.ts';

export interface RunsDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly access: DirectoryAccess;
  readonly starter: RunStarter;
  readonly commit: Commit;
  readonly pace: SyncPace;
  /** Told when a run could not be handed over; it is tried again by `startForgotten`. */
  readonly onStartFailed: (error: unknown, runId: string) => void;
}

export interface RequestRun {
  readonly tenantId: string;
  readonly requestedBy: string | null;
  readonly trigger: 'manual' | 'schedule';
  /** Stop after the plan. */
  readonly dryRun?: boolean;
  /** Apply the plan of this preview, exactly. */
  readonly applyPlanOf?: string | undefined;
  /** Runs in the transaction that makes the run; not when an active one is joined. */
  readonly alongside?: (em: EntityManager, runId: string) => void;
}

export interface ListRuns {
  readonly tenantId: string;
  readonly limit: number;
  /** True: only runs for a few people; false: only full ones. */
  readonly partial?: boolean | undefined;
  /** The last run of the page before. */
  readonly before?: { readonly createdAt: Date; readonly id: string } | undefined;
}

export interface ListChanges {
  readonly tenantId: string;
  readonly runId: string;
  readonly limit: number;
  readonly afterSeq?: number | undefined;
  readonly action?: PlanAction | undefined;
  readonly status?: ChangeStatus | undefined;
  /** Disables and deletes only. */
  readonly removals?: boolean | undefined;
  /** Part of a name or an address. */
  readonly search?: string | undefined;
}

const FORGOTTEN_AFTER_MS = 5_000;

/** Runs of user sync: asking for one, looking at them, ending one early. */
export const createRuns = ({
  orm,
  clock,
  settings,
  access,
  starter,
  commit,
  pace,
  onStartFailed,
}: RunsDependencies) => {
  const find = async (tenantId: string, runId: string): Promise<SyncRun> => {
    const run = await orm.em.fork().findOne(SyncRunEntity, { tenantId, id: runId });
    if (!run) throw notFound('sync run');
    return run;
  };

  const findActive = (tenantId: string) =>
    orm.em.fork().findOne(SyncRunEntity, { tenantId, partial: false, finishedAt: null });

  const handOver = async (tenantId: string, runId: string): Promise<void> => {
    try {
      await starter.requestRun({ tenantId, runId });
    } catch (error) {
      onStartFailed(error, runId);
    }
  };

  /** @param groupsToo that the access to groups is there as well, when the scope names some */
  const requireReady = async (tenantId: string, groupsToo: boolean): Promise<void> => {
    const { mode, scope } = await settings.read(tenantId);
    if (mode === null) {
      throw new AppError('SYNC_NOT_CONFIGURED', 'Choose a sync mode in the tab USER SYNC and save it, then sync.');
    }
    await access.requireReady(tenantId);
    if (groupsToo && scope.groups.length > 0) await access.requireReady(tenantId, 'groups');
  };

  const requirePreview = async (tenantId: string, previewId: string): Promise<void> => {
    const preview = await find(tenantId, previewId);
    if (!preview.dryRun || !preview.plannedAt) {
      throw new AppError('SYNC_PREVIEW_STALE', 'Only a finished preview can be applied. Make a new preview first.');
    }
  };

  /** Google tells of one change several times and of many at once: such a run collects for a moment. */
  const delayOf = ({ trigger, startedAt, createdAt }: SyncRun): number => {
    if (trigger !== 'push' || startedAt) return 0;
    const leftMs = createdAt.getTime() + pace.pushDebounceMs - clock().getTime();
    return Math.min(Math.max(leftMs, 0), pace.pushDebounceMs);
  };

  return {
    find,
    /** The full run under way, if any; a partial one may wait behind it. */
    findActive,
    requestPeople: createRequestPeople({
      commit,
      clock,
      requireReady: (tenantId) => requireReady(tenantId, false),
      handOver,
    }),
    isPersonWaiting: createIsWaiting(orm),

    /**
     * Starts a full run, or joins the active one of the same kind.
     *
     * @throws AppError SYNC_NOT_CONFIGURED, INTEGRATION_NOT_ACTIVE, GOOGLE_SCOPE_MISSING, SYNC_RUN_ACTIVE,
     * SYNC_PREVIEW_STALE, NOT_FOUND
     */
    async request(request: RequestRun): Promise<RequestedRun> {
      const { tenantId, dryRun = false, applyPlanOf } = request;
      // A run on schedule waits for the access instead, in plain sight.
      await requireReady(tenantId, request.trigger === 'manual' && !applyPlanOf);
      if (applyPlanOf) await requirePreview(tenantId, applyPlanOf);

      const runId = randomUUID();
      const newRun = {
        tenantId,
        runId,
        trigger: request.trigger,
        requestedBy: request.requestedBy,
        dryRun,
        applyPlanOf: applyPlanOf ?? null,
        now: clock(),
      };
      const made = await commit('run-requested', async (em) => {
        const inserted = await insertRun(em, newRun);
        if (inserted) request.alongside?.(em, runId);
        return inserted;
      });
      if (made) {
        await handOver(tenantId, runId);
        return { runId, joined: false };
      }
      const active = await findActive(tenantId);
      if (!active) return this.request(request);
      if (active.dryRun !== dryRun || (applyPlanOf ?? null) !== (active.applyPlanOf ?? null)) {
        const what = active.dryRun ? 'A preview' : 'A sync';
        throw new AppError(
          'SYNC_RUN_ACTIVE',
          `${what} of this tenant is running. Wait for its end or cancel it first.`,
        );
      }
      // Its workflow may have been terminated, or lost with Temporal's storage; telling of a run again is harmless.
      await handOver(tenantId, active.id);
      return { runId: active.id, joined: true };
    },

    /** Asks an active run to end; what it has done stays done. Asking again, or after its end, changes nothing. */
    async cancel(tenantId: string, runId: string, alongside?: (em: EntityManager) => void): Promise<void> {
      const run = await find(tenantId, runId);
      if (run.finishedAt) return;
      await commit('run-cancel-requested', async (em) => {
        await markCancelRequested(em, tenantId, runId);
        alongside?.(em);
      });
      // The row is what counts: a step that misses the signal reads it at its next checkpoint.
      await starter.cancelRun({ tenantId, runId }).catch((error) => onStartFailed(error, runId));
      await handOver(tenantId, runId);
    },

    /** Newest first. */
    list({ tenantId, limit, partial, before }: ListRuns): Promise<SyncRun[]> {
      const older = before && {
        $or: [{ createdAt: { $lt: before.createdAt } }, { createdAt: before.createdAt, id: { $gt: before.id } }],
      };
      return orm.em
        .fork()
        .find(
          SyncRunEntity,
          { tenantId, ...(partial !== undefined && { partial }), ...older },
          { orderBy: [{ createdAt: 'desc' }, { id: 'asc' }], limit },
        );
    },

    /** The rows of a run's plan, in plan order. */
    async listChanges({
      tenantId,
      runId,
      limit,
      afterSeq = 0,
      action,
      status,
      removals,
      search,
    }: ListChanges): Promise<PlanChange[]> {
      await find(tenantId, runId);
      const pattern = search ? containing(search) : undefined;
      return orm.em.fork().find(
        PlanChangeEntity,
        {
          tenantId,
          runId,
          seq: { $gt: afterSeq },
          ...(action && { action }),
          ...(status && { status }),
          ...(removals && { action: { $in: ['disable', 'delete'] } }),
          ...(pattern && { $or: [{ email: { $ilike: pattern } }, { displayName: { $ilike: pattern } }] }),
        },
        { orderBy: { seq: 'asc' }, limit },
      );
    },

    /** What a workflow needs to know of a run that it takes up. A run that is gone counts as ended. */
    async describe({ tenantId, runId }: { tenantId: string; runId: string }) {
      const run = await orm.em.fork().findOne(SyncRunEntity, { tenantId, id: runId });
      const { photos } = await settings.read(tenantId);
      return {
        ended: !run || run.finishedAt != null,
        reads: run?.applyPlanOf == null,
        cancelled: run?.cancelRequested === true,
        partial: run?.partial === true,
        photos,
        startsInMs: run ? delayOf(run) : 0,
        rank: rankOf(run?.trigger ?? 'schedule'),
      };
    },

    /** The grant ended in mid run: it waits, and reads anew when somebody has authorized again. */
    markWaiting: ({ tenantId, runId }: { tenantId: string; runId: string }): Promise<void> =>
      commit('run-waiting', (em) => markStep(em, tenantId, runId, 'waiting-for-authorization', false, clock())),

    /** Photos ended for a reason of their own; the run goes on to its end. */
    notePhotosProblem: ({
      tenantId,
      runId,
      ...problem
    }: { tenantId: string; runId: string } & PhotoProblem): Promise<void> =>
      savePhotosProblem(orm.em.fork(), tenantId, runId, problem),

    async readAnew({ tenantId, runId }: { tenantId: string; runId: string }): Promise<void> {
      await commit('run-read-anew', (em) => restartListing(em, tenantId, runId, clock()));
    },

    /** Hands over runs again that no workflow took up, because Temporal was away. */
    async startForgotten(): Promise<void> {
      const before = new Date(clock().getTime() - FORGOTTEN_AFTER_MS);
      for (const run of await selectUnstartedRuns(orm.em.fork(), before)) await handOver(run.tenant_id, run.id);
    },
  };
};

export type Runs = ReturnType<typeof createRuns>;
