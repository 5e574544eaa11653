/** Access of its own at Google, asked for only when the settings of a tenant use it. */
export type DirectoryNeed = 'groups' | 'orgUnits' | 'largePhotos';

/** What user sync needs from the authorization of its tenant. */
export interface DirectoryAccess {
  /**
   * A token that reads the directory's people; with `need`, what else of it as well.
   *
   * @throws AppError of kind `unauthorized` when somebody must authorize again, GOOGLE_UNAVAILABLE when Google is away
   */
  getAccessToken(tenantId: string, need?: DirectoryNeed): Promise<string>;
  /** Google refused this token although it had not expired: the next call refreshes. */
  forgetAccessToken(tenantId: string, accessToken: string): Promise<void>;
  /** @throws AppError INTEGRATION_NOT_ACTIVE or GOOGLE_SCOPE_MISSING, saying what to do first */
  requireReady(tenantId: string, need?: DirectoryNeed): Promise<void>;
  /** The Google customer that may be read for this tenant; undefined when Google never told its id. */
  getCustomerId(tenantId: string): Promise<string | undefined>;
}

/** How a run is started, wherever workflows live. */
export interface RunStarter {
  /** Idempotent: telling of the same run again starts nothing twice. */
  requestRun(run: { readonly tenantId: string; readonly runId: string }): Promise<void>;
  cancelRun(run: { readonly tenantId: string; readonly runId: string }): Promise<void>;
}

/** How approved removals are carried out, wherever workflows live. */
export interface RemovalStarter {
  /** Idempotent: asking again while they are carried out starts nothing twice. */
  applyRemovals(approval: { readonly tenantId: string; readonly approvalId: string }): Promise<void>;
}

/** How a long step tells that it lives, and learns that it should end. */
export interface StepControl {
  readonly signal: AbortSignal;
  /** 1 for the first try; a later one means that an earlier one was lost. */
  readonly attempt: number;
  heartbeat(details: { readonly done: number }): void;
}

/** A moment by the clock of the schedule's zone, on one day only. */
export interface SingleTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly secondOfDay: number;
}

export type WantedTimes =
  | {
      readonly kind: 'daily';
      readonly secondOfDay: number;
      /** An IANA name in its exact spelling. */
      readonly timeZone: string;
      /** For days that do not have that time, because clocks go forward over it. */
      readonly instead: readonly SingleTime[];
    }
  | {
      readonly kind: 'every';
      readonly everyMs: number;
      /** Behind multiples of the interval since 1970. */
      readonly offsetMs: number;
    };

/** The schedule of one tenant as its settings want it. */
export interface WantedSchedule {
  readonly tenantId: string;
  readonly times: WantedTimes;
  /** Each time comes up to this much later, by chance. */
  readonly jitterMs: number;
  /** How late a time may be taken that came while the workflow service was away. */
  readonly catchUpMs: number;
  readonly paused: boolean;
}

export interface ScheduleOutlook {
  readonly next: readonly Date[];
  /** Times that went by unused since the schedule was made: the one before was still being taken, or it was too late. */
  readonly missed: number;
}

/** Where schedules live, one of each tenant in automatic mode. */
export interface SyncSchedules {
  /** By tenant, a mark of the schedule that there is. It may lag a little behind changes. */
  marks(): Promise<ReadonlyMap<string, string>>;
  /** The mark of a schedule that equals the wanted one. */
  markOf(wanted: WantedSchedule): string;
  /** Makes the tenant's schedule if there is none; one that there is stays as it is. */
  make(wanted: WantedSchedule): Promise<void>;
  /** Makes the tenant's schedule equal to the wanted one, and makes it if there is none. */
  put(wanted: WantedSchedule): Promise<void>;
  /** None is left, whether there was one or not. */
  remove(tenantId: string): Promise<void>;
  outlook(tenantId: string): Promise<ScheduleOutlook | undefined>;
}
