import type { NewPerson, Phone } from '../directory/person.ts';
import { departments, type NamePart, type NamePool, namePools, orgUnits, titles } from './names.ts';
import { createDraws, type Draws, idFrom } from './random.ts';

export type PeopleSeed = {
  seed: string;
  count: number;
  domain: string;
  secondaryDomain: string | undefined;
  suspended: number;
  archived: number;
  photoShare: number;
  missingNameShare: number;
};

type SeededPerson = { id: string; person: NewPerson };

const totalShare = namePools.reduce((sum, { share }) => sum + share, 0);
const firstDay = Date.UTC(2019, 3, 1);
const dayMs = 86_400_000;

/**
 * People that depend on the seed alone: the first hundred of ten thousand are the hundred of one hundred, but for who is
 * suspended or archived. Addresses are unique; names are not.
 */
export function* seedPeople(given: PeopleSeed): Generator<SeededPerson> {
  const taken = new Map<string, number>();
  let manager: string | undefined;
  let unsuspended = 0;
  for (let index = 0; index < given.count; index += 1) {
    const draws = createDraws(`${given.seed}:${given.domain}:${index}`);
    const pool = poolOf(draws);
    const first = draws.pick(pool.given);
    const last = draws.pick(pool.family);
    const onSecondary = given.secondaryDomain !== undefined && draws.chance(0.15);
    const email = address(first, last, onSecondary ? given.secondaryDomain : given.domain, taken);
    const missing = draws.next() / given.missingNameShare;
    const department = draws.pick(departments);
    const suspended = spread(index, given.suspended, given.count);
    const archived = !suspended && spread(unsuspended, given.archived, given.count - given.suspended);
    if (!suspended) unsuspended += 1;
    const created = firstDay + draws.below(2_000) * dayMs + draws.below(dayMs);
    yield {
      id: idFrom(`${given.seed}:${given.domain}:${index}`),
      person: {
        primaryEmail: email,
        aliases: draws.chance(0.1) ? [`${email.split('@')[0]}.alias@${given.domain}`] : [],
        givenName: missing < 0.4 || (missing >= 0.8 && missing < 1) ? undefined : first.written,
        familyName: missing >= 0.4 && missing < 1 ? undefined : last.written,
        department,
        title: `${department} ${draws.pick(titles)}`,
        orgUnitPath: draws.pick(orgUnits),
        phones: phonesOf(draws),
        managerEmail: manager,
        isEnrolledIn2Sv: draws.chance(0.7),
        suspended,
        suspensionReason: suspended ? 'ADMIN' : undefined,
        archived,
        creationTime: new Date(created).toISOString(),
        lastLoginTime: new Date(created + draws.below(300) * dayMs).toISOString(),
        photoSeed: draws.chance(given.photoShare) ? draws.below(1_000_000) : undefined,
      },
    };
    if (index % 12 === 0) manager = email;
  }
}

function poolOf(draws: Draws): NamePool {
  let left = draws.below(totalShare);
  for (const pool of namePools) {
    left -= pool.share;
    if (left < 0) return pool;
  }
  return namePools[0] as NamePool;
}

function address(first: NamePart, last: NamePart, domain: string | undefined, taken: Map<string, number>): string {
  const local = `${first.latin}.${last.latin}`.replaceAll(/[^a-z0-9.]/g, '');
  const key = `${local}@${domain}`;
  const before = taken.get(key) ?? 0;
  taken.set(key, before + 1);
  return before === 0 ? key : `${local}${before + 1}@${domain}`;
}

/** True for exactly `wanted` of `count` indexes, evenly spread. */
function spread(index: number, wanted: number, count: number): boolean {
  return Math.floor(((index + 1) * wanted) / count) > Math.floor((index * wanted) / count);
}

function phonesOf(draws: Draws): Phone[] {
  const phones: Phone[] = [];
  if (draws.chance(0.6)) phones.push({ value: phone(draws), type: 'work', primary: true });
  if (draws.chance(0.5)) phones.push({ value: phone(draws), type: 'mobile' });
  return phones;
}

/** Free-form, as people type them. */
function phone(draws: Draws): string {
  const digits = String(draws.below(10_000_000)).padStart(7, '0');
  return draws.pick([
    `+1 555 ${digits.slice(0, 3)} ${digits.slice(3)}`,
    `+49-30-${digits}`,
    `(030) ${digits}`,
    `00 44 20 ${digits.slice(0, 4)}.${digits.slice(4)}`,
    `+8210${digits}`,
  ]);
}
