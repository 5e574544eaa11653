import { toProfile } from '../../../src/user-sync/reading/profile.ts';
import type { GoogleUser } from './directory-churn.ts';
import type { BoundUser, LogRow, RunLog } from './look-at-database.ts';

/** The number that each Google id was seen with first. It is kept for good. */
export type KnownNumbers = Map<string, string>;

const sameFields = (extension: BoundUser, user: GoogleUser): boolean => {
  const wanted = toProfile(user as unknown as Parameters<typeof toProfile>[0]);
  return (
    extension.display_name === wanted.displayName &&
    extension.email === wanted.email &&
    extension.given_name === wanted.givenName &&
    extension.family_name === wanted.familyName &&
    extension.department === wanted.department &&
    extension.title === wanted.title
  );
};

/** Exactly the right people: everybody who works there is reachable under one number of their own, nobody else is. */
const findWrongPeople = (
  extensions: readonly BoundUser[],
  google: readonly GoogleUser[],
  known: KnownNumbers,
): string[] => {
  const found: string[] = [];
  const byPerson = new Map<string, BoundUser>();
  for (const extension of extensions) {
    const { google_id: person } = extension;
    if (person === null) found.push(`extension ${extension.extension_number} belongs to nobody`);
    else if (byPerson.has(person)) found.push(`${person} has two extensions`);
    else byPerson.set(person, extension);
  }
  const numbers = new Set(extensions.map(({ extension_number: number }) => number));
  if (numbers.size !== extensions.length) found.push('a number is given out twice');

  const active = new Map(google.filter((user) => !user.suspended && !user.archived).map((user) => [user.id, user]));
  for (const [id, user] of active) {
    const extension = byPerson.get(id);
    if (!extension) found.push(`${user.primaryEmail} has no extension`);
    else if (!extension.enabled) found.push(`${user.primaryEmail} is disabled wrongly`);
    else if (!sameFields(extension, user)) found.push(`${user.primaryEmail} has other details than at Google`);
  }
  for (const [id, extension] of byPerson) {
    if (extension.enabled && !active.has(id)) found.push(`${extension.email} left and is still enabled`);
    const before = known.get(id);
    if (before !== undefined && before !== extension.extension_number) {
      found.push(`${id} changed from ${before} to ${extension.extension_number}`);
    }
    known.set(id, extension.extension_number);
  }
  for (const id of known.keys()) if (!byPerson.has(id)) found.push(`the extension of ${id} is gone`);
  return found;
};

const countBy = (rows: readonly LogRow[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { action } of rows) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
};

const sorted = (counts: Record<string, number>): string =>
  JSON.stringify(Object.entries(counts).toSorted(([a], [b]) => a.localeCompare(b)));

const findWrongLog = (run: RunLog, rows: readonly LogRow[]): string[] => {
  const found: string[] = [];
  const say = (what: string) => found.push(`run ${run.id} (${run.state}): ${what}`);
  const with_ = (status: string) => rows.filter((row) => row.status === status);
  if (!run.finished) say('was left open');
  const applied = rows.filter(
    ({ action, status }) => status !== 'held' && !['skip', 'conflict', 'waiting-for-number'].includes(action),
  );
  const done = applied.filter(({ status }) => status === 'done').length;
  if (run.failed !== with_('failed').length) say(`counts ${run.failed} failed, ${with_('failed').length} rows say so`);
  if (run.state === 'failed') say(`${run.problem_code}: ${run.problem_message}`);
  if (run.state === 'cancelled' || run.state === 'failed') return found;
  if (!run.dry_run) {
    if (with_('planned').length > 0) say(`${with_('planned').length} rows were never applied`);
    if (run.done + run.failed !== run.total) say(`${run.done} done and ${run.failed} failed are not ${run.total}`);
    const overtaken = run.done + run.approved - done;
    const stale = rows.filter(({ action, status }) => action === 'conflict' && status === 'done').length;
    if (overtaken < 0 || overtaken > stale) say(`counts ${run.done} done, ${done} rows say so`);
    if (overtaken === 0 && run.approved === 0 && sorted(countBy(rows)) !== sorted(run.counts)) {
      say(`counts ${sorted(run.counts)}, its rows are ${sorted(countBy(rows))}`);
    }
  }
  return found;
};

/** What the newest log says was done is how the extensions are. */
const findLies = (rows: readonly LogRow[], extensions: readonly BoundUser[]): string[] => {
  const byId = new Map(extensions.map((extension) => [extension.id, extension]));
  return rows
    .filter(({ status, after, action }) => status === 'done' && after !== null && action !== 'conflict')
    .flatMap(({ extension_user_id: userId, after, google_id: person, extension_number: number }) => {
      const extension = byId.get(userId ?? '');
      const told =
        extension &&
        extension.google_id === person &&
        extension.extension_number === number &&
        extension.enabled === after?.enabled &&
        (!after.enabled || (extension.display_name === after.displayName && extension.email === after.email));
      return told ? [] : [`the log says what is not so of ${person}`];
    });
};

export type Facts = {
  readonly extensions: readonly BoundUser[];
  readonly runs: readonly RunLog[];
  readonly log: readonly LogRow[];
};

/** Everything that must hold after a round, whatever was killed in it. Notes the numbers it sees. */
export const judge = (
  { extensions, runs, log }: Facts,
  google: readonly GoogleUser[],
  known: KnownNumbers,
): string[] => {
  const rowsOf = Map.groupBy(log, ({ run_id: runId }) => runId);
  const newest = runs.findLast(({ dry_run: dryRun }) => !dryRun);
  return [
    ...findWrongPeople(extensions, google, known),
    ...runs.flatMap((run) => findWrongLog(run, rowsOf.get(run.id) ?? [])),
    ...findLies(rowsOf.get(newest?.id ?? '') ?? [], extensions),
  ];
};
