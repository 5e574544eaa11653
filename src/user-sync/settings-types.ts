export type SyncMode = 'manual' | 'automatic';

/** Who is synchronized. `users` are Google ids or e-mail addresses; the other lists narrow, an empty one does not. */
export interface SyncScope {
  readonly type: 'all' | 'only' | 'except';
  readonly users: readonly string[];
  readonly orgUnits: readonly string[];
  readonly domains: readonly string[];
}

export type LeaverKind = 'suspended' | 'archived' | 'deleted' | 'outOfScope';
export type LeaverPolicy = 'keep' | 'disable';
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

export type SyncSchedule =
  | { readonly type: 'daily' /** HH:MM in the tenant’s time zone */; readonly at: string }
  | { readonly type: 'every' /** 15 to 10,080 */; readonly minutes: number };

/** Numbers given to new extensions, both ends included; without a start, from the tenant's first extension on. */
export interface NumberRange {
  readonly start: number | null;
  readonly end: number | null;
}

export interface SyncSettings {
  readonly mode: SyncMode | null;
  readonly scope: SyncScope;
  readonly extensionNumbers: NumberRange;
  readonly photos: boolean;
  readonly linkByEmail: boolean;
  readonly leavers: LeaverPolicies;
  readonly brakes: BrakeSettings;
  readonly schedule: SyncSchedule;
  readonly paused: boolean;
  readonly version: number;
}

export const DEFAULT_SETTINGS: SyncSettings = {
  mode: null,
  scope: { type: 'all', users: [], orgUnits: [], domains: [] },
  extensionNumbers: { start: null, end: null },
  photos: false,
  linkByEmail: true,
  leavers: { suspended: 'disable', archived: 'disable', deleted: 'disable', outOfScope: 'disable' },
  brakes: { removalPercent: 20, removalFloor: 5, removalCap: 50, failurePercent: 40, failureFloor: 10 },
  schedule: { type: 'daily', at: '00:30' },
  paused: false,
  version: 0,
};
