import type { LeaverPolicy, SyncSettings } from '../../../../../user-sync/index.ts';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** What stands in the settings, each part in one line. */
export const scopeInWords = ({ scope }: SyncSettings): string => {
  const who = {
    all: 'All users',
    only: count(scope.users.length, 'named user', 'named users'),
    except: `All users except ${scope.users.length.toLocaleString('en')}`,
  }[scope.type];
  const within = [
    ...(scope.groups.length > 0 ? [count(scope.groups.length, 'group', 'groups')] : []),
    ...(scope.orgUnits.length > 0 ? [count(scope.orgUnits.length, 'organizational unit', 'organizational units')] : []),
    ...(scope.domains.length > 0
      ? [scope.domains.length === 1 ? `${scope.domains[0]}` : `${scope.domains.length} domains`]
      : []),
  ];
  return within.length === 0 ? who : `${who}, within ${within.join(' and ')}`;
};

export const numbersInWords = ({ extensionNumbers: { start, end } }: SyncSettings, firstExtension: number): string => {
  const from = start ?? firstExtension;
  return end === null ? `From ${from} on` : `${from} to ${end}`;
};

export const takenOverInWords = ({ linkByEmail, photos, largePhotos }: SyncSettings): string => {
  const pictures = photos ? (largePhotos ? 'larger photos' : 'photos') : 'no photos';
  return `Extensions with the same e-mail address are ${linkByEmail ? 'linked' : 'left alone'}, ${pictures}`;
};

const policyInWords = (policy: LeaverPolicy): string => {
  if (policy === 'keep') return 'kept';
  if (policy === 'disable') return 'disabled';
  return `deleted after ${count(policy.deleteAfterDays, 'day', 'days')}`;
};

export const leaversInWords = ({ leavers }: SyncSettings): string => {
  const groups = new Map<string, string[]>();
  const names = {
    suspended: 'suspended',
    archived: 'archived',
    deleted: 'deleted',
    outOfScope: 'out of scope',
  } as const;
  for (const kind of Object.keys(names) as (keyof typeof names)[]) {
    const words = policyInWords(leavers[kind]);
    groups.set(words, [...(groups.get(words) ?? []), names[kind]]);
  }
  const [only] = [...groups.keys()];
  const text =
    groups.size === 1
      ? `All of them are ${only}`
      : [...groups].map(([words, kinds]) => `${kinds.join(', ')}: ${words}`).join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export const brakesInWords = ({ brakes }: SyncSettings): string =>
  `Above ${brakes.removalPercent} % or ${brakes.removalCap.toLocaleString('en')} removals a day you are asked first`;

/** "15 minutes", "hour", "2 days": what follows "every". */
export const intervalInWords = (minutes: number): string => {
  if (minutes % 1_440 === 0) return minutes === 1_440 ? 'day' : `${minutes / 1_440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'hour' : `${minutes / 60} hours`;
  return `${minutes} minutes`;
};

export const scheduleInWords = ({ mode, schedule }: SyncSettings, tenantTimeZone: string): string => {
  if (mode === 'manual') return 'Nothing runs by itself';
  if ('daily' in schedule) return `Each day at ${schedule.daily}, ${schedule.timeZone ?? tenantTimeZone}`;
  return `Every ${intervalInWords(schedule.every)}`;
};
