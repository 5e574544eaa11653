import type { Clock } from '../clock.ts';
import type { Approval, PlanChange, SyncRun } from '../db/entities/index.ts';
import type { EntityManager } from '../db/orm.ts';
import { type Actor, recordAudit } from '../tenants/index.ts';
import { allow } from './allow.ts';
import type { Approvals, ListApprovals } from './approvals/approvals.ts';
import type { Explain, Explanation } from './explain/explain.ts';
import { dropAllPhotos } from './photos/photo-queries.ts';
import type { Push } from './push/push.ts';
import type { PushView } from './push/push-view.ts';
import type { RequestedRun } from './runs/requested-run.ts';
import type { ListChanges, ListRuns, Runs } from './runs/runs.ts';
import type { ScheduleKeeping } from './schedule/keep-schedules.ts';
import type { ScheduleStatus } from './schedule/schedule-status.ts';
import type { SettingsChange, SettingsStore } from './settings/settings.ts';
import type { SyncSettings } from './settings/settings-types.ts';

export interface AdministrationDependencies {
  readonly clock: Clock;
  readonly settings: SettingsStore;
  readonly runs: Runs;
  readonly scheduleKeeping: Pick<ScheduleKeeping, 'apply'>;
  readonly scheduleStatus: (tenantId: string) => Promise<ScheduleStatus>;
  readonly push: Pick<Push, 'look' | 'view'>;
  readonly approvals: Approvals;
  readonly explain: Explain;
}

export interface SaveSettingsRequest {
  readonly tenantId: string;
  readonly change: SettingsChange;
  readonly expectedVersion?: number | undefined;
}

export interface StartRunRequest {
  readonly tenantId: string;
  readonly dryRun?: boolean;
  readonly applyPlanOf?: string | undefined;
}

const changedKeys = (before: SyncSettings, after: SyncSettings): string[] =>
  (Object.keys(after) as (keyof SyncSettings)[]).filter(
    (key) => key !== 'version' && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );

/** What an administrator may see and do of user sync: checked, and written into the audit log with its effect. */
export const createAdministration = ({
  clock,
  settings,
  runs,
  approvals,
  explain,
  scheduleKeeping,
  scheduleStatus,
  push,
}: AdministrationDependencies) => {
  const audit = (
    em: EntityManager,
    actor: Actor,
    tenantId: string,
    action: string,
    target: { kind: string; id: string; name: string },
    details: Record<string, string | number | boolean | null> = {},
  ) => recordAudit(em, { actor, tenantId, at: clock(), action, target, details });

  const approvalTarget = (id: string) => ({ kind: 'approval', id, name: id });

  const runTarget = (runId: string) => ({ kind: 'sync-run', id: runId, name: runId });

  return {
    async readSettings(actor: Actor, tenantId: string): Promise<SyncSettings> {
      allow(actor, tenantId, 'read');
      return settings.read(tenantId);
    },

    /** @throws AppError VALIDATION_FAILED, SYNC_MODE_LOCKED, STALE_WRITE */
    async saveSettings(
      actor: Actor,
      { tenantId, change, expectedVersion }: SaveSettingsRequest,
    ): Promise<SyncSettings> {
      allow(actor, tenantId, 'admin');
      let touchesPush = false;
      const saved = await settings.save({
        tenantId,
        change,
        expectedVersion,
        alongside: async (em, before, after) => {
          touchesPush = before.mode !== after.mode || before.paused !== after.paused;
          const target = { kind: 'user-sync', id: tenantId, name: 'User sync' };
          const changed = changedKeys(before, after).join(', ');
          audit(em, actor, tenantId, 'user-sync.settings-changed', target, { changed });
          if (before.photos && !after.photos) await dropAllPhotos(em, tenantId);
        },
      });
      if (saved.mode === 'automatic') await scheduleKeeping.apply(tenantId);
      if (touchesPush && saved.mode === 'automatic') await push.look(tenantId);
      return saved;
    },

    async readSchedule(actor: Actor, tenantId: string): Promise<ScheduleStatus> {
      allow(actor, tenantId, 'read');
      return scheduleStatus(tenantId);
    },

    /** Whether Google tells of changes as they happen, and why not. */
    async readPush(actor: Actor, tenantId: string): Promise<PushView> {
      allow(actor, tenantId, 'read');
      return push.view(tenantId);
    },

    /** @throws AppError SYNC_NOT_CONFIGURED, INTEGRATION_NOT_ACTIVE, GOOGLE_SCOPE_MISSING, SYNC_RUN_ACTIVE */
    async startRun(actor: Actor, { tenantId, dryRun = false, applyPlanOf }: StartRunRequest): Promise<RequestedRun> {
      allow(actor, tenantId, 'admin');
      return runs.request({
        tenantId,
        trigger: 'manual',
        requestedBy: actor.name,
        dryRun,
        applyPlanOf,
        alongside: (em, runId) => {
          const details = { dryRun, applyPlanOf: applyPlanOf ?? null };
          audit(em, actor, tenantId, 'user-sync.run-requested', runTarget(runId), details);
        },
      });
    },

    /**
     * @param person a Google id or an e-mail address
     * @throws AppError SYNC_NOT_CONFIGURED, INTEGRATION_NOT_ACTIVE, GOOGLE_SCOPE_MISSING, SYNC_TOO_MANY_WAITING
     */
    async syncPerson(actor: Actor, tenantId: string, person: string): Promise<RequestedRun> {
      allow(actor, tenantId, 'admin');
      return runs.requestPeople({
        tenantId,
        keys: [person],
        trigger: 'one-user',
        requestedBy: actor.name,
        alongside: (em, runId) =>
          audit(em, actor, tenantId, 'user-sync.person-requested', runTarget(runId), { person }),
      });
    },

    async cancelRun(actor: Actor, tenantId: string, runId: string): Promise<void> {
      allow(actor, tenantId, 'admin');
      await runs.cancel(tenantId, runId, (em) =>
        audit(em, actor, tenantId, 'user-sync.run-cancelled', runTarget(runId)),
      );
    },

    async getRun(actor: Actor, tenantId: string, runId: string): Promise<SyncRun> {
      allow(actor, tenantId, 'read');
      return runs.find(tenantId, runId);
    },

    async listRuns(actor: Actor, query: ListRuns): Promise<SyncRun[]> {
      allow(actor, query.tenantId, 'read');
      return runs.list(query);
    },

    /** @throws AppError NOT_FOUND */
    async explain(actor: Actor, { tenantId, user }: { tenantId: string; user: string }): Promise<Explanation> {
      allow(actor, tenantId, 'read');
      return explain(tenantId, user);
    },

    async listApprovals(actor: Actor, query: ListApprovals): Promise<Approval[]> {
      allow(actor, query.tenantId, 'read');
      return approvals.list(query);
    },

    async getApproval(actor: Actor, tenantId: string, id: string): Promise<Approval> {
      allow(actor, tenantId, 'read');
      return approvals.find(tenantId, id);
    },

    /** @throws AppError NOT_FOUND, APPROVAL_DECIDED */
    async decideApproval(
      actor: Actor,
      { tenantId, id, decision }: { tenantId: string; id: string; decision: 'approve' | 'reject' },
    ): Promise<void> {
      allow(actor, tenantId, 'admin');
      const action = decision === 'approve' ? 'user-sync.removals-approved' : 'user-sync.removals-rejected';
      await approvals[decision]({
        tenantId,
        id,
        decidedBy: actor.name,
        alongside: (em, { removals }) => audit(em, actor, tenantId, action, approvalTarget(id), { removals }),
      });
    },

    async listChanges(actor: Actor, query: ListChanges): Promise<PlanChange[]> {
      allow(actor, query.tenantId, 'read');
      return runs.listChanges(query);
    },
  };
};
