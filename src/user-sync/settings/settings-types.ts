export type SyncMode = 'manual' | 'automatic';

/**
 * Who is synchronized. `users` are Google ids or e-mail addresses; the other lists narrow, an empty one does not.
 * `groups` are addresses; whoever is a member of one, or of a group inside it, is meant.
 */
export interface SyncScope {
  readonly type: 'all' | 'only' | 'except';
  readonly users: readonly string[];
  readonly orgUnits: readonly string[];
  readonly groups: readonly string[];
  readonly domains: readonly string[];
}

export type LeaverKind = 'suspended' | 'archived' | 'deleted' | 'outOfScope';
/** `deleteAfterDays`: disabled at once, deleted when the person stays away for that many days. 1 to 3,650 */
export type LeaverPolicy = 'keep' | 'disable' | { readonly deleteAfterDays: number };
export type LeaverPolicies = Readonly<Record<LeaverKind, LeaverPolicy>>;

export interface BrakeSettings {
  /** Removals beyond this share of the bound people are held, in per cent. */
  readonly removalPercent: number;
  /** Up to this many removals are never held by the share. */
  readonly removalFloor: number;
  /** Removals beyond this number are held, whatever the share. */
  readonly removalCap: number;
  /** A run stops when more than this share of its changes failed, in per cent … */
  readonly failurePercent: number;
  /** … and at least this many. */
  readonly failureFloor: number;
}

/** When automatic runs begin. Without a time zone (an IANA name), the tenant's counts. */
export type SyncSchedule =
  | { readonly daily: string /** HH:MM */; readonly timeZone?: string | undefined }
  | { readonly every: number /** minutes */; readonly timeZone?: string | undefined };

/** Numbers given to new extensions, both ends included; without a start, from the tenant's first extension on. */
export interface NumberRange {
  readonly start: number | null;
  readonly end: number | null;
}

export interface NumberSettings extends NumberRange {
  /** A deleted extension's number is kept for its person this long before somebody else may get it. 0 to 3,650 */
  readonly quarantineDays: number;
}

export interface SyncSettings {
  readonly mode: SyncMode | null;
  readonly scope: SyncScope;
  readonly extensionNumbers: NumberSettings;
  readonly photos: boolean;
  /** The larger pictures of the People API, which takes a scope of its own; only with `photos`. */
  readonly largePhotos: boolean;
  readonly linkByEmail: boolean;
  readonly leavers: LeaverPolicies;
  readonly brakes: BrakeSettings;
  readonly schedule: SyncSchedule;
  readonly paused: boolean;
  readonly version: number;
}

export const DEFAULT_SETTINGS: SyncSettings = {
  mode: null,
  scope: { type: 'all', users: [], orgUnits: [], groups: [], domains: [] },
  extensionNumbers: { start: null, end: null, quarantineDays: 90 },
  photos: false,
  largePhotos: false,
  linkByEmail: true,
  leavers: { suspended: 'disable', archived: 'disable', deleted: 'disable', outOfScope: 'disable' },
  brakes: { removalPercent: 20, removalFloor: 5, removalCap: 50, failurePercent: 40, failureFloor: 10 },
  schedule: { daily: '00:30' },
  paused: false,
  version: 0,
};
