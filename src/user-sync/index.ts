import type { Clock } from '../clock.ts';
import type { Orm } from '../db/orm.ts';
import type {
  GoogleDirectory,
  GoogleDirectorySearch,
  GoogleGroups,
  GooglePace,
  GooglePhotos,
} from '../google/index.ts';
import type { PbxDirectory } from '../pbx/index.ts';
import type { KeepNumber } from '../people/index.ts';
import { createAdministration } from './administration.ts';
import { createApplyPlan } from './apply/apply-plan.ts';
import { reserveNumberOf } from './apply/number-reservation-queries.ts';
import { createApplyRemovals } from './approvals/apply-removals.ts';
import { createApprovals } from './approvals/approvals.ts';
import { createBindings } from './bindings/bindings.ts';
import { createMatchByEmail } from './bindings/match-by-email.ts';
import { countConnectedData, dropConnectedData } from './connected-data-queries.ts';
import { createExplain } from './explain/explain.ts';
import { createSyncPhotos } from './photos/sync-photos.ts';
import { GUARDS, type Guards } from './plan/guards.ts';
import { createMakePlan } from './plan/make-plan.ts';
import type { DirectoryAccess, RemovalStarter, RunStarter, SyncSchedules } from './ports.ts';
import { createPush, type PushDependencies } from './push/push.ts';
import { createDirectoryLookup } from './reading/directory-lookup.ts';
import { createReadDirectory } from './reading/read-directory.ts';
import { createReadPeople } from './reading/read-people.ts';
import { createSweep, DEFAULT_RETENTION, type RetentionSettings } from './retention/retention.ts';
import { createCommit, type OnCheckpoint } from './runs/checkpoints.ts';
import { createFinishRun } from './runs/finish-run.ts';
import { DEFAULT_PACE, type SyncPace } from './runs/pace.ts';
import { createRuns } from './runs/runs.ts';
import { createScheduleKeeping } from './schedule/keep-schedules.ts';
import { SCHEDULE_LIMITS, type ScheduleLimits } from './schedule/schedule-rules.ts';
import { createScheduleStatus } from './schedule/schedule-status.ts';
import { createTakeTick } from './schedule/take-tick.ts';
import { createSettingsStore } from './settings/settings.ts';
import { createWantedAccess } from './settings/wanted-access.ts';

export interface UserSyncDependencies {
  readonly orm: Orm;
  readonly clock: Clock;
  readonly directory: GoogleDirectory;
  readonly groups: GoogleGroups;
  readonly search: GoogleDirectorySearch;
  readonly access: DirectoryAccess;
  readonly photos: GooglePhotos;
  readonly googlePace: GooglePace;
  readonly starter: RunStarter;
  readonly schedules: SyncSchedules;
  readonly removals: RemovalStarter;
  readonly pbxOf: (tenantId: string) => PbxDirectory;
  readonly firstExtensionOf: (tenantId: string) => Promise<number>;
  /** A run or approved removals could not be handed over; they will be again. */
  readonly onStartFailed: (error: unknown, id: string) => void;
  readonly push: PushDependencies;
  readonly pace?: SyncPace;
  readonly onCheckpoint?: OnCheckpoint;
  readonly onScheduleFailed: (error: unknown, tenantId: string) => void;
  readonly retention?: RetentionSettings;
  readonly guards?: Guards;
  readonly scheduleLimits?: ScheduleLimits;
}

/** The tab USER SYNC: settings, runs, and the steps that a run's workflow takes. */
export const createUserSync = (dependencies: UserSyncDependencies) => {
  const settings = createSettingsStore(dependencies.orm, dependencies.scheduleLimits ?? SCHEDULE_LIMITS);
  const onCheckpoint = dependencies.onCheckpoint ?? (() => undefined);
  const commit = createCommit(dependencies.orm, onCheckpoint);
  const retention = dependencies.retention ?? DEFAULT_RETENTION;
  const guards = dependencies.guards ?? GUARDS;
  const pace = dependencies.pace ?? DEFAULT_PACE;
  const all = { ...dependencies, settings, pace, onCheckpoint, commit, retention, guards };
  const runs = createRuns(all);
  const push = createPush({ ...all, runs });
  const approvals = createApprovals(all);
  const scheduleKeeping = createScheduleKeeping(all);
  return {
    settings,
    runs,
    push,
    approvals,
    wantedAccess: createWantedAccess(settings),
    administration: createAdministration({
      ...{ clock: dependencies.clock, settings, runs, approvals, scheduleKeeping, push },
      explain: createExplain(all),
      scheduleStatus: createScheduleStatus(all),
    }),
    bindings: createBindings({ ...all, matchByEmail: createMatchByEmail(all) }),
    lookup: createDirectoryLookup(all),
    readDirectory: createReadDirectory(all),
    readPeople: createReadPeople(all),
    makePlan: createMakePlan(all),
    applyPlan: createApplyPlan(all),
    applyRemovals: createApplyRemovals(all),
    syncPhotos: createSyncPhotos(all),
    finishRun: createFinishRun(all),
    scheduleKeeping,
    takeTick: createTakeTick({ ...all, runs }),
    sweep: createSweep(all),
    /** What people deleted by hand leave behind. */
    keepNumber: ((em, number) => reserveNumberOf(em, number, dependencies.clock())) satisfies KeepNumber,
    /** What a reset of the integration drops besides the authorization. */
    connectedData: { count: countConnectedData, drop: dropConnectedData },
  };
};

export type UserSync = ReturnType<typeof createUserSync>;

export type { Approval, PlanChange, SyncRun } from '../db/entities/index.ts';
export type { ApplyProgress } from './apply/apply-plan.ts';
export type { ApprovalKey } from './approvals/apply-removals.ts';
export type { Approvals, ListApprovals } from './approvals/approvals.ts';
export type { BindingPair, BindingRow } from './bindings/binding-queries.ts';
export type { AddBinding, ListBindings } from './bindings/bindings.ts';
export { type MatchConflict, type Matches, type MatchProposal, MOST_MATCHES } from './bindings/match-by-email.ts';
export type { ExplainedNumber, Explanation, HistoryEntry, PhotoTrouble, Verdict } from './explain/explain.ts';
export type { PhotosProgress } from './photos/sync-photos.ts';
export { GUARDS, type Guards } from './plan/guards.ts';
export {
  CHANGE_STATUSES,
  type ChangeStatus,
  PLAN_ACTIONS,
  PLAN_REASONS,
  type PlanAction,
  type PlanReason,
} from './plan/plan-types.ts';
export type {
  DirectoryAccess,
  DirectoryNeed,
  RemovalStarter,
  RunStarter,
  ScheduleOutlook,
  SingleTime,
  StepControl,
  SyncSchedules,
  WantedSchedule,
  WantedTimes,
} from './ports.ts';
export type { PushStep } from './push/keep-channels.ts';
export type { PushKeeper } from './push/ports.ts';
export type { Push, PushDependencies } from './push/push.ts';
export { PUSH_EVENTS } from './push/push-events.ts';
export type { PushView } from './push/push-view.ts';
export type { Receipt } from './push/receive-notification.ts';
export type { DirectoryPerson, LookUp } from './reading/directory-lookup.ts';
export type { ReadProgress } from './reading/wait-as-told.ts';
export { DEFAULT_RETENTION, type RetentionSettings, type Swept } from './retention/retention.ts';
export { CHECKPOINTS, type Checkpoint, type OnCheckpoint } from './runs/checkpoints.ts';
export type { RunStop } from './runs/finish-run.ts';
export { DEFAULT_PACE, type SyncPace } from './runs/pace.ts';
export type { RequestPeople } from './runs/request-people.ts';
export type { RequestedRun } from './runs/requested-run.ts';
export type { ListChanges, RequestRun, Runs } from './runs/runs.ts';
export { SCHEDULE_LIMITS, type ScheduleLimits } from './schedule/schedule-rules.ts';
export type { ScheduleHalt, ScheduleStatus } from './schedule/schedule-status.ts';
export type { SettingsChange, SettingsStore } from './settings/settings.ts';
export {
  type BrakeSettings,
  DEFAULT_SETTINGS,
  type LeaverPolicies,
  type LeaverPolicy,
  type NumberRange,
  type NumberSettings,
  type SyncMode,
  type SyncSchedule,
  type SyncScope,
  type SyncSettings,
} from './settings/settings-types.ts';
