import type {
  ApplyProgress,
  ApprovalKey,
  PhotosProgress,
  ReadProgress,
  RunStop,
  UserSync,
} from '../user-sync/index.ts';
import { runStep } from './step-control.ts';

export interface RunKey {
  readonly tenantId: string;
  readonly runId: string;
}

export interface RunDescription {
  readonly ended: boolean;
  /** False when the run takes over the plan of a preview. */
  readonly reads: boolean;
  /** Somebody asked to end it before it began. */
  readonly cancelled: boolean;
  /** It reads the people that were asked for, and nobody else. */
  readonly partial: boolean;
  /** Photos are wanted. */
  readonly photos: boolean;
  /** It collects people for as long before it begins. */
  readonly startsInMs: number;
  /** Where its steps stand among those that wait for a worker: 1 goes first, 5 last. */
  readonly rank: number;
}

/** The steps of one sync run. Ids travel; people never do. */
export const createUserSyncActivities = (userSync: UserSync) => ({
  readDirectory: (key: RunKey): Promise<ReadProgress> => runStep((control) => userSync.readDirectory(key, control)),
  readPeople: (key: RunKey): Promise<ReadProgress> => runStep((control) => userSync.readPeople(key, control)),
  makePlan: (key: RunKey): Promise<{ readonly dryRun: boolean }> =>
    runStep((control) => userSync.makePlan(key, control)),
  applyPlan: (key: RunKey): Promise<ApplyProgress> => runStep((control) => userSync.applyPlan(key, control)),
  applyRemovals: (key: ApprovalKey): Promise<ApplyProgress> =>
    runStep((control) => userSync.applyRemovals(key, control)),
  syncPhotos: (key: RunKey): Promise<PhotosProgress> => runStep((control) => userSync.syncPhotos(key, control)),
  notePhotosProblem: (note: RunKey & { readonly code: string; readonly message: string }): Promise<void> =>
    userSync.runs.notePhotosProblem(note),
  finishRun: (end: RunKey & { readonly stop?: RunStop }): Promise<void> => userSync.finishRun(end),
  describeRun: (key: RunKey): Promise<RunDescription> => userSync.runs.describe(key),
  markRunWaiting: (key: RunKey): Promise<void> => userSync.runs.markWaiting(key),
  readRunAnew: (key: RunKey): Promise<void> => userSync.runs.readAnew(key),
});

export type UserSyncActivities = ReturnType<typeof createUserSyncActivities>;
export type { RunStop };
