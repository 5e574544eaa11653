import { SyncSettingsEntity, type SyncSettingsRow } from '../../db/entities/index.ts';
import type { EntityManager, Orm } from '../../db/orm.ts';
import { AppError, type FieldError, isAppError } from '../../errors.ts';
import { LARGEST_NUMBER, SMALLEST_NUMBER } from '../../pbx/numbers.ts';
import { type ScheduleLimits, scheduleProblems } from '../schedule/schedule-rules.ts';
import {
  type BrakeSettings,
  DEFAULT_SETTINGS,
  type LeaverPolicies,
  type SyncSchedule,
  type SyncScope,
  type SyncSettings,
} from './settings-types.ts';

export type SettingsChange = Partial<Omit<SyncSettings, 'version'>>;

export interface SaveSettings {
  readonly tenantId: string;
  readonly change: SettingsChange;
  /** The version the change was made from; another one in the meantime refuses it. */
  readonly expectedVersion?: number | undefined;
  /** Runs in the same transaction, with what was there before. */
  readonly alongside?: (em: EntityManager, before: SyncSettings, after: SyncSettings) => Promise<void>;
}

export interface SettingsStore {
  /** The tenant's settings, or the defaults at version 0. */
  read(tenantId: string): Promise<SyncSettings>;
  /** @throws AppError VALIDATION_FAILED, SYNC_MODE_LOCKED, STALE_WRITE */
  save(request: SaveSettings): Promise<SyncSettings>;
}

const toSettings = (row: SyncSettingsRow): SyncSettings => ({
  mode: row.mode ?? null,
  scope: { ...DEFAULT_SETTINGS.scope, ...(row.scope as SyncScope) },
  extensionNumbers: {
    start: row.numberStart ?? null,
    end: row.numberEnd ?? null,
    quarantineDays: row.numberQuarantineDays,
  },
  photos: row.photos,
  largePhotos: row.largePhotos,
  linkByEmail: row.linkByEmail,
  leavers: { ...DEFAULT_SETTINGS.leavers, ...(row.leavers as LeaverPolicies) },
  brakes: { ...DEFAULT_SETTINGS.brakes, ...(row.brakes as BrakeSettings) },
  schedule: row.schedule as SyncSchedule,
  paused: row.paused,
  version: row.version,
});

const numberProblems = ({ extensionNumbers: { start, end } }: SyncSettings): FieldError[] => {
  const problems: FieldError[] = [];
  const isDiallable = (n: number) => Number.isSafeInteger(n) && n >= SMALLEST_NUMBER && n <= LARGEST_NUMBER;
  if (start !== null && !isDiallable(start)) {
    problems.push({ field: 'extensionNumbers.start', message: 'Use 3 to 13 digits with no leading zero.' });
  }
  if (end !== null && !isDiallable(end)) {
    problems.push({ field: 'extensionNumbers.end', message: 'Use 3 to 13 digits with no leading zero.' });
  }
  if (end !== null && start === null) {
    problems.push({ field: 'extensionNumbers.start', message: 'Give a first number too, or leave both empty.' });
  }
  if (start !== null && end !== null && end < start) {
    problems.push({ field: 'extensionNumbers.end', message: `Use a number that is not smaller than ${start}.` });
  }
  return problems;
};

const scopeProblems = ({ scope }: SyncSettings): FieldError[] =>
  scope.type === 'only' && scope.users.length === 0
    ? [{ field: 'scope.users', message: 'Name at least one person, or choose all users.' }]
    : [];

/** What was allowed when it was saved stays so: a schedule is looked at when it changes. */
const changedScheduleProblems = (before: SyncSettings, after: SyncSettings, limits: ScheduleLimits): FieldError[] =>
  JSON.stringify(after.schedule) === JSON.stringify(before.schedule) ? [] : scheduleProblems(after.schedule, limits);

const requireValid = (before: SyncSettings, settings: SyncSettings, limits: ScheduleLimits): void => {
  const fields = [
    ...numberProblems(settings),
    ...scopeProblems(settings),
    ...changedScheduleProblems(before, settings, limits),
  ];
  if (fields.length > 0) {
    throw new AppError('VALIDATION_FAILED', 'Some settings cannot be used as they are.', { fields });
  }
};

const requireSameMode = (before: SyncSettings, after: SyncSettings): void => {
  if (before.mode !== null && after.mode !== before.mode) {
    throw new AppError(
      'SYNC_MODE_LOCKED',
      `The sync mode was chosen once, as ${before.mode}, and stays. To choose anew, reset the Google Workspace ` +
        'integration; the reset page lists what that drops.',
    );
  }
};

export const createSettingsStore = (orm: Orm, limits: ScheduleLimits): SettingsStore => ({
  async read(tenantId) {
    const row = await orm.em.fork().findOne(SyncSettingsEntity, { tenantId });
    return row ? toSettings(row) : DEFAULT_SETTINGS;
  },

  async save({ tenantId, change, expectedVersion, alongside }) {
    try {
      return await orm.em.fork().transactional(async (em) => {
        const row = await em.findOne(SyncSettingsEntity, { tenantId });
        const before = row ? toSettings(row) : DEFAULT_SETTINGS;
        if (expectedVersion !== undefined && expectedVersion !== before.version) throw staleWrite();
        const after = { ...before, ...change };
        requireSameMode(before, after);
        requireValid(before, after, limits);
        const columns = {
          mode: after.mode,
          scope: after.scope,
          numberStart: after.extensionNumbers.start,
          numberEnd: after.extensionNumbers.end,
          numberQuarantineDays: after.extensionNumbers.quarantineDays,
          photos: after.photos,
          largePhotos: after.largePhotos,
          linkByEmail: after.linkByEmail,
          leavers: after.leavers,
          brakes: after.brakes,
          schedule: after.schedule,
          paused: after.paused,
        };
        const saved = row ? em.assign(row, columns) : em.create(SyncSettingsEntity, { tenantId, ...columns });
        await em.flush();
        const result = toSettings(saved);
        await alongside?.(em, before, result);
        return result;
      });
    } catch (error) {
      if (isAppError(error)) throw error;
      if (isConcurrentWrite(error)) throw staleWrite();
      throw error;
    }
  },
});

const isConcurrentWrite = (error: unknown): boolean =>
  error instanceof Error && ['OptimisticLockError', 'UniqueConstraintViolationException'].includes(error.name);

const staleWrite = (): AppError =>
  new AppError('STALE_WRITE', 'Somebody else changed these settings meanwhile. Reload them, then change them again.');
