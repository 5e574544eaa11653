import type { Clock } from '../clock.ts';
import type { Orm } from '../db/orm.ts';
import { createWantedAccess } from './wanted-access.ts';
import type {
  GoogleDirectory,
  GoogleDirectorySearch,
  GoogleGroups,
  GooglePace,
  GooglePhotos,
} from '../google/index.ts';
import type { PbxDirectory } from '../pbx/index.ts';
import { createAdministration } from './administration.ts';
import { createApplyPlan } from './apply-plan.ts';
import { createApplyRemovals } from './apply-removals.ts';
import { createApprovals } from './approvals.ts';
import { createBindings } from './bindings.ts';
import { createDirectoryLookup } from './directory-lookup.ts';
import { createMatchByEmail } from './match-by-email.ts';
import { createCommit, type OnCheckpoint } from './checkpoints.ts';
import { countConnectedData, dropConnectedData } from './connected-data-queries.ts';
import { createExplain } from './explain.ts';
import { createFinishRun } from './finish-run.ts';
import { createScheduleKeeping } from './keep-schedules.ts';
import { GUARDS, type Guards } from './guards.ts';
import { createMakePlan } from './make-plan.ts';
import { DEFAULT_PACE, type SyncPace } from './pace.ts';
import type { DirectoryAccess, RemovalStarter, RunStarter, SyncSchedules } from './ports.ts';
import { createPush, type PushDependencies } from './push/push.ts';
import { createReadDirectory } from './read-directory.ts';
import { createReadPeople } from './read-people.ts';
import { createSweep, DEFAULT_RETENTION, type RetentionSettings } from './retention.ts';
import { createRuns } from './runs.ts';
import { SCHEDULE_LIMITS, type ScheduleLimits } from './schedule-rules.ts';
import { createScheduleStatus } from './schedule-status.ts';
import { createSettingsStore } from './settings.ts';
import { createSyncPhotos } from './sync-photos.ts';
import { createTakeTick } from './take-tick.ts';

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
    /** What a reset of the integration drops besides the authorization. */
    connectedData: { count: countConnectedData, drop: dropConnectedData },
  };
};

export type UserSync = ReturnType<typeof createUserSync>;

export type { Approval, PlanChange, SyncRun } from '../db/entities/index.ts';
export type { ApplyProgress } from './apply-plan.ts';
export type { ApprovalKey } from './apply-removals.ts';
export type { Approvals, ListApprovals } from './approvals.ts';
export type { BindingPair, BindingRow } from './binding-queries.ts';
export type { AddBinding, ListBindings } from './bindings.ts';
export type { DirectoryPerson, LookUp } from './directory-lookup.ts';
export { type MatchConflict, type Matches, type MatchProposal, MOST_MATCHES } from './match-by-email.ts';
export { CHECKPOINTS, type Checkpoint, type OnCheckpoint } from './checkpoints.ts';
export type { ExplainedNumber, Explanation, HistoryEntry, Verdict } from './explain.ts';
export { GUARDS, type Guards } from './guards.ts';
export type { RunStop } from './finish-run.ts';
export { DEFAULT_PACE, type SyncPace } from './pace.ts';
export {
  CHANGE_STATUSES,
  type ChangeStatus,
  PLAN_ACTIONS,
  PLAN_REASONS,
  type PlanAction,
  type PlanReason,
} from './plan-types.ts';
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
export type { ReadProgress } from './read-directory.ts';
export type { RequestPeople } from './request-people.ts';
export { DEFAULT_RETENTION, type RetentionSettings, type Swept } from './retention.ts';
export type { RequestedRun } from './requested-run.ts';
export type { ListChanges, RequestRun, Runs } from './runs.ts';
export { SCHEDULE_LIMITS, type ScheduleLimits } from './schedule-rules.ts';
export type { ScheduleHalt, ScheduleStatus } from './schedule-status.ts';
export type { SettingsChange, SettingsStore } from './settings.ts';
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
} from './settings-types.ts';
export type { PhotosProgress } from './sync-photos.ts';
