import { z } from 'zod';
import type { SettingsChange, SyncSettings } from '../../user-sync/index.ts';
import { settingsParts } from '../routes/user-sync-schemas.ts';
import type { SubmittedForm } from './form.ts';

const scopeParts = settingsParts.scope.shape;
const brakeParts = settingsParts.brakes.shape;

/** One entry a line; commas and semicolons part them as well, so that a list can be pasted. */
const lines = z
  .string()
  .max(400_000, 'This list is too long.')
  .transform((text) => [
    ...new Set(
      text
        .split(/[\r\n,;]+/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ]);

const number = z
  .string()
  .trim()
  .transform((text) => (text === '' ? Number.NaN : Number(text)));

const extensionNumber = z
  .string()
  .trim()
  .refine((text) => text === '' || /^[1-9]\d{2,12}$/.test(text), 'Use 3 to 13 digits with no leading zero.')
  .transform((text) => (text === '' ? null : Number(text)));

const LEAVER_KINDS = ['suspended', 'archived', 'deleted', 'outOfScope'] as const;
export type LeaverField = (typeof LEAVER_KINDS)[number];

const policy = z.union(
  [z.enum(['keep', 'disable']), z.object({ deleteAfterDays: z.number().int().min(1).max(3_650) })],
  'Say after how many days it is deleted, 1 to 3,650.',
);

const MINUTES = { minutes: 1, hours: 60, days: 1_440 } as const;

const scheduleFields = {
  rhythm: z.enum(['daily', 'every']).optional(),
  daily: z.string().trim().default('00:30'),
  every: number.default(1),
  everyUnit: z.enum(['minutes', 'hours', 'days']).default('hours'),
  timeZone: z.string().trim().default(''),
};

export const settingsFormSchema = z.object({
  mode: z.enum(['manual', 'automatic'], 'Choose how people are synchronized.').optional(),
  scope: z.enum(['all', 'only', 'except'], 'Choose who is synchronized.'),
  users: lines.pipe(scopeParts.users),
  groups: lines.pipe(scopeParts.groups.unwrap()),
  orgUnits: lines.pipe(scopeParts.orgUnits),
  domains: lines.pipe(scopeParts.domains),
  start: extensionNumber,
  end: extensionNumber,
  quarantineDays: number.pipe(settingsParts.extensionNumbers.shape.quarantineDays.unwrap()),
  linkByEmail: z.literal('on').optional(),
  photos: z.literal('on').optional(),
  largePhotos: z.literal('on').optional(),
  ...{ suspended: policy, archived: policy, deleted: policy, outOfScope: policy },
  removalPercent: number.pipe(brakeParts.removalPercent),
  removalFloor: number.pipe(brakeParts.removalFloor),
  removalCap: number.pipe(brakeParts.removalCap),
  failurePercent: number.pipe(brakeParts.failurePercent),
  failureFloor: number.pipe(brakeParts.failureFloor),
  ...scheduleFields,
  version: z.coerce.number().int(),
});

/** What happens to leavers of a kind stands in two fields, of which the second counts for one answer only. */
export const toSettingsInput = ({ values }: SubmittedForm) => ({
  ...values,
  ...Object.fromEntries(
    LEAVER_KINDS.map((kind) => [
      kind,
      values[kind] === 'delete'
        ? { deleteAfterDays: Number(values[`${kind}Days`]?.trim() || Number.NaN) }
        : values[kind],
    ]),
  ),
});

type SettingsForm = z.output<typeof settingsFormSchema>;

const toSchedule = ({ rhythm, daily, every, everyUnit, timeZone }: SettingsForm): SyncSettings['schedule'] => {
  const zone = timeZone === '' ? {} : { timeZone };
  return rhythm === 'every' ? { every: every * MINUTES[everyUnit], ...zone } : { daily, ...zone };
};

/** The settings that the form asks for. What it does not hold stays as it is. */
export const toSettingsChange = (form: SettingsForm): SettingsChange => ({
  ...(form.mode && { mode: form.mode }),
  scope: {
    type: form.scope,
    ...{ users: form.users, groups: form.groups, orgUnits: form.orgUnits, domains: form.domains },
  },
  extensionNumbers: { start: form.start, end: form.end, quarantineDays: form.quarantineDays },
  linkByEmail: form.linkByEmail === 'on',
  photos: form.photos === 'on',
  largePhotos: form.largePhotos === 'on',
  leavers: {
    ...{ suspended: form.suspended, archived: form.archived },
    ...{ deleted: form.deleted, outOfScope: form.outOfScope },
  },
  brakes: {
    ...{ removalPercent: form.removalPercent, removalFloor: form.removalFloor, removalCap: form.removalCap },
    ...{ failurePercent: form.failurePercent, failureFloor: form.failureFloor },
  },
  ...(form.rhythm && { schedule: toSchedule(form) }),
});

/** The feature's field names, as the form calls them. */
export const SETTINGS_FORM_FIELDS: Readonly<Record<string, string>> = {
  'extensionNumbers.start': 'start',
  'extensionNumbers.end': 'end',
  'scope.users': 'users',
  'scope.groups': 'groups',
  'scope.orgUnits': 'orgUnits',
  'scope.domains': 'domains',
  'schedule.daily': 'daily',
  'schedule.every': 'every',
  'schedule.timeZone': 'timeZone',
};

const leaverValues = ({ leavers }: SyncSettings): [string, string][] =>
  LEAVER_KINDS.flatMap((kind): [string, string][] => {
    const chosen = leavers[kind];
    return typeof chosen === 'object'
      ? [
          [kind, 'delete'],
          [`${kind}Days`, String(chosen.deleteAfterDays)],
        ]
      : [
          [kind, chosen],
          [`${kind}Days`, ''],
        ];
  });

const everyOf = (minutes: number): { every: string; everyUnit: keyof typeof MINUTES } => {
  const unit = (['days', 'hours'] as const).find((name) => minutes % MINUTES[name] === 0) ?? 'minutes';
  return { every: String(minutes / MINUTES[unit]), everyUnit: unit };
};

/** The settings as texts of the form. */
export const settingsValues = (settings: SyncSettings): Record<string, string> => {
  const { scope, extensionNumbers, brakes, schedule } = settings;
  return {
    mode: settings.mode ?? '',
    scope: scope.type,
    users: scope.users.join('\n'),
    groups: scope.groups.join('\n'),
    orgUnits: scope.orgUnits.join('\n'),
    domains: scope.domains.join('\n'),
    start: extensionNumbers.start?.toString() ?? '',
    end: extensionNumbers.end?.toString() ?? '',
    quarantineDays: String(extensionNumbers.quarantineDays),
    linkByEmail: settings.linkByEmail ? 'on' : '',
    photos: settings.photos ? 'on' : '',
    largePhotos: settings.largePhotos ? 'on' : '',
    ...Object.fromEntries(leaverValues(settings)),
    ...Object.fromEntries(Object.entries(brakes).map(([name, value]) => [name, String(value)])),
    rhythm: 'daily' in schedule ? 'daily' : 'every',
    daily: 'daily' in schedule ? schedule.daily : '00:30',
    ...('every' in schedule ? everyOf(schedule.every) : { every: '1', everyUnit: 'hours' }),
    timeZone: schedule.timeZone ?? '',
    version: String(settings.version),
  };
};
