import { z } from '@hono/zod-openapi';
import {
  CHANGE_STATUSES,
  PLAN_ACTIONS,
  type PlanChange,
  type SettingsChange,
  type SyncRun,
  type SyncSettings,
} from '../../user-sync/index.ts';

const extensionNumber = z
  .string()
  .regex(/^[1-9]\d{2,12}$/, 'Use 3 to 13 digits with no leading zero.')
  .openapi({ example: '1000' });
const leaverPolicy = z.union(
  [
    z.enum(['keep', 'disable']),
    z.strictObject({ deleteAfterDays: z.number().int().min(1, 'Use 1 day or more.').max(3_650, 'Use at most 3,650.') }),
  ],
  'Choose keep, disable, or { "deleteAfterDays": 30 }.',
);
const people = z.array(z.string().trim().min(1).max(254)).max(10_000, 'Name at most 10,000 people.');
const percent = z
  .number('Give a number.')
  .int('Give a whole number.')
  .min(0, 'Use 0 to 100.')
  .max(100, 'Use 0 to 100.');
const count = z
  .number('Give a number.')
  .int('Give a whole number.')
  .min(0, 'Use 0 or more.')
  .max(100_000, 'Use at most 100,000.');

const timeZone = z.string().max(64).optional().openapi({ description: 'An IANA name; by default the tenant’s.' });
/** How short and how long an interval may be is a rule of the feature. */
export const scheduleSchema = z.union(
  [
    z.strictObject({ daily: z.string().openapi({ description: 'A time such as 00:30.' }), timeZone }),
    z.strictObject({ every: z.number().openapi({ description: 'Minutes, 15 to 10,080.' }), timeZone }),
  ],
  'Give { "daily": "00:30" } or { "every": 60 }, with a timeZone if it is not the tenant’s.',
);

/** The parts of the settings, each as the API and the form of the portal take it. */
export const settingsParts = {
  scope: z.strictObject({
    type: z.enum(['all', 'only', 'except'], 'Choose all, only or except.'),
    users: people,
    orgUnits: z.array(z.string().startsWith('/', 'A unit begins with /, such as /Sales.').max(1_000)).max(1_000),
    groups: z
      .array(z.string().trim().min(3, 'Give the address of a group.').max(254))
      .max(100, 'Name at most 100 groups.')
      .default([]),
    domains: z.array(z.string().trim().min(1).max(253)).max(1_000),
  }),
  extensionNumbers: z.strictObject({
    start: extensionNumber.nullable(),
    end: extensionNumber.nullable(),
    quarantineDays: z
      .number('Give a number of days.')
      .int('Give a whole number of days.')
      .min(0, 'Use 0 or more.')
      .max(3_650, 'Use at most 3,650 days.')
      .default(90),
  }),
  photos: z.boolean(),
  largePhotos: z.boolean().openapi({ description: 'Pictures of the People API; asks Google for one more access.' }),
  linkByEmail: z.boolean(),
  leavers: z.strictObject({
    suspended: leaverPolicy,
    archived: leaverPolicy,
    deleted: leaverPolicy,
    outOfScope: leaverPolicy,
  }),
  brakes: z.strictObject({
    removalPercent: percent,
    removalFloor: count,
    removalCap: count,
    failurePercent: percent,
    failureFloor: count,
  }),
  schedule: scheduleSchema,
  paused: z.boolean(),
};
const mode = z.enum(['manual', 'automatic'], 'Choose manual or automatic.');

export const settingsSchema = z
  .object({ ...settingsParts, mode: mode.nullable(), version: z.number().int() })
  .openapi('UserSync');
export const settingsChangeSchema = z
  .strictObject({ ...settingsParts, mode })
  .partial()
  .openapi('UserSyncChange');

const text = (value: number | null): string | null => (value === null ? null : String(value));
const number = (value: string | null): number | null => (value === null ? null : Number(value));

export const toSettingsBody = ({ extensionNumbers, ...settings }: SyncSettings): z.infer<typeof settingsSchema> => ({
  ...settings,
  scope: {
    ...settings.scope,
    users: [...settings.scope.users],
    orgUnits: [...settings.scope.orgUnits],
    groups: [...settings.scope.groups],
    domains: [...settings.scope.domains],
  },
  extensionNumbers: {
    start: text(extensionNumbers.start),
    end: text(extensionNumbers.end),
    quarantineDays: extensionNumbers.quarantineDays,
  },
});

/** Only what was sent; nothing is reset by leaving it out. */
export const toSettingsChange = ({
  extensionNumbers,
  ...body
}: z.infer<typeof settingsChangeSchema>): SettingsChange => {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as SettingsChange;
  if (!extensionNumbers) return given;
  const { start, end, quarantineDays } = extensionNumbers;
  return { ...given, extensionNumbers: { start: number(start), end: number(end), quarantineDays } };
};

const time = z.iso.datetime();

export const runSchema = z
  .object({
    id: z.uuid(),
    state: z.enum([
      'reading',
      'planning',
      'applying',
      'photos',
      'waiting-for-authorization',
      'succeeded',
      'partly',
      'failed',
      'cancelled',
    ]),
    trigger: z.enum(['manual', 'schedule', 'push', 'one-user']),
    partial: z.boolean().openapi({ description: 'For a few people; `push` and `one-user` runs are.' }),
    requestedBy: z.string().nullable(),
    dryRun: z.boolean(),
    applyPlanOf: z.uuid().nullable(),
    counts: z.record(z.string(), z.number().int()).openapi({ description: 'Rows of the plan per action.' }),
    heldRemovals: z.number().int(),
    pagesRead: z.number().int(),
    usersRead: z.number().int(),
    total: z.number().int(),
    done: z.number().int(),
    failed: z.number().int(),
    photosTotal: z.number().int().openapi({ description: 'Photos that were found changed.' }),
    photosDone: z.number().int(),
    photosFailed: z.number().int(),
    photosProblem: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .openapi({ description: 'Why photos wait or were left to the next run. It never fails a run.' }),
    resumed: z.number().int().openapi({ description: 'How often a step was taken up again after it was lost.' }),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
    waitingUntil: time.nullable().openapi({ description: 'The run sleeps until then because of Google’s quota.' }),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .openapi('SyncRun');

export const toRunBody = (run: SyncRun): z.infer<typeof runSchema> => ({
  id: run.id,
  state: run.state,
  trigger: run.trigger,
  partial: run.partial,
  requestedBy: run.requestedBy ?? null,
  dryRun: run.dryRun,
  applyPlanOf: run.applyPlanOf ?? null,
  counts: run.counts,
  heldRemovals: run.heldRemovals,
  pagesRead: run.pagesRead,
  usersRead: run.usersRead,
  total: run.total,
  done: run.done,
  failed: run.failed,
  photosTotal: run.photosTotal,
  photosDone: run.photosDone,
  photosFailed: run.photosFailed,
  photosProblem: run.photosProblemCode
    ? { code: run.photosProblemCode, message: run.photosProblemMessage ?? '' }
    : null,
  resumed: run.resumed,
  problem: run.problemCode ? { code: run.problemCode, message: run.problemMessage ?? '' } : null,
  waitingUntil: run.waitingUntil?.toISOString() ?? null,
  createdAt: run.createdAt.toISOString(),
  startedAt: run.startedAt?.toISOString() ?? null,
  finishedAt: run.finishedAt?.toISOString() ?? null,
});

export const actionSchema = z.enum(PLAN_ACTIONS);
export const statusSchema = z.enum(CHANGE_STATUSES);

export const changeSchema = z
  .object({
    seq: z.number().int(),
    action: actionSchema,
    status: statusSchema,
    reason: z.string(),
    googleId: z.string(),
    userId: z.uuid().nullable(),
    email: z.string().nullable(),
    displayName: z.string().nullable(),
    extensionNumber: z.string().nullable(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    doneAt: time.nullable(),
  })
  .openapi('SyncChange');

export const toChangeBody = (change: PlanChange): z.infer<typeof changeSchema> => ({
  seq: change.seq,
  action: change.action as z.infer<typeof actionSchema>,
  status: change.status as z.infer<typeof statusSchema>,
  reason: change.reason,
  googleId: change.googleId,
  userId: change.extensionUserId ?? null,
  email: change.email ?? null,
  displayName: change.displayName ?? null,
  extensionNumber: text(change.extensionNumber ?? null),
  before: change.before ?? null,
  after: change.after ?? null,
  errorCode: change.errorCode ?? null,
  errorMessage: change.errorMessage ?? null,
  doneAt: change.doneAt?.toISOString() ?? null,
});
