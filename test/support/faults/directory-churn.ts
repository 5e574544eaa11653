import type { Control } from '../../../tools/google-stand-in/index.ts';
import type { Draws } from '../../../tools/google-stand-in/seed/random.ts';

export type GoogleUser = Awaited<ReturnType<Control['people']>>[number];

export const shuffled = <Item>(items: readonly Item[], draws: Draws): Item[] =>
  items
    .map((item) => ({ item, key: draws.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

/** What happens in a company between two syncs: people join, leave, are renamed, moved, suspended and taken back. */
export const changeDirectory = async (
  control: Control,
  company: { readonly domain: string; readonly protectedIds: readonly string[] },
  draws: Draws,
  round: number,
): Promise<void> => {
  const everybody = await control.people({ domain: company.domain });
  const people = shuffled(
    everybody.filter(({ id }) => !company.protectedIds.includes(id)),
    draws,
  );
  const active = people.filter(({ suspended, archived }) => !suspended && !archived);
  const suspended = people.filter((user) => user.suspended === true);
  const take = (atLeast: number, more: number) => active.splice(0, atLeast + draws.below(more));

  for (let i = 0, joining = 5 + draws.below(15); i < joining; i++) {
    await control.addPerson({
      primaryEmail: `joined-${round}-${i}@${company.domain}`,
      givenName: `Joined ${i}`,
      familyName: `In Round ${round}`,
    });
  }
  for (const { id } of take(2, 12)) await control.deletePerson({ person: id });
  for (const { id } of take(5, 30)) {
    await control.changePerson({ person: id, change: { familyName: `Renamed ${round}` } });
  }
  for (const [i, { id }] of take(1, 5).entries()) {
    await control.changePerson({
      person: id,
      change: { primaryEmail: `married-${round}-${i}@${company.domain}`, department: `Department ${round}` },
    });
  }
  for (const [i, { id }] of take(0, 3).entries()) {
    const primaryEmail = `moved-${round}-${i}@acme-labs.example`;
    await control.changePerson({ person: id, change: { primaryEmail } });
  }
  for (const id of company.protectedIds) await control.setPhoto({ person: id, photoSeed: round });
  for (const { id } of take(2, 12)) await control.suspend({ person: id });
  for (const { id } of suspended.slice(0, 2 + draws.below(12))) await control.unsuspend({ person: id });
};

const FAULT_SHARE = 0.1;

/** One request in ten goes wrong, in each of the ways that Google's do. */
export const troubleGoogle = async (control: Control, draws: Draws): Promise<void> => {
  const directory = [
    { kind: 'error', status: 429, reason: 'rateLimitExceeded', retryAfterHeader: '1' },
    { kind: 'error', status: 403, reason: 'userRateLimitExceeded' },
    { kind: 'error', status: 503, reason: 'backendError' },
    { kind: 'drop-before-answer' },
    { kind: 'drop-mid-body' },
  ] as const;
  const tokens = [
    { kind: 'error', status: 503, reason: 'internal_failure' },
    { kind: 'drop-before-answer' },
    { kind: 'lose-answer' },
  ] as const;
  const trouble = async (pathPrefix: string, effects: typeof directory | typeof tokens) => {
    for (const effect of effects) {
      const probability = FAULT_SHARE / effects.length;
      await control.addFault({ ...effect, pathPrefix, probability, seed: draws.below(2 ** 31) });
    }
  };
  await trouble('/admin/directory/v1/', directory);
  await trouble('/token', tokens);
  if (draws.chance(0.1)) await control.expirePageTokens({ afterPages: 2 + draws.below(8) });
};
