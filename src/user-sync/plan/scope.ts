import type { Profile } from '../reading/profile.ts';
import type { SyncScope } from '../settings/settings-types.ts';

/** Whether a scope takes in a profile; `inScopeGroup` says of a scope with groups that the person is in one of them. */
export type ScopeRule = (profile: Profile, inScopeGroup: boolean) => boolean;

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

/** Google keeps one name of a unit whatever its case; hand-written paths may end in a slash. */
const comparablePath = (path: string): string => path.normalize('NFC').toLowerCase().replace(/\/+$/, '');

const isWithin = (path: string, unit: string): boolean => path === unit || path.startsWith(`${unit}/`);

/** The groups of a scope as they are compared: each once, in order, in lower case. */
export const groupsOf = ({ groups }: Pick<SyncScope, 'groups'>): readonly string[] =>
  [...new Set(groups.map((group) => group.trim().toLowerCase()))].sort();

/**
 * Says of any profile whether the scope takes it in. People are chosen by Google id, which follows them through every
 * rename, or by address, which does not. Units, groups and domains each narrow that choice; an empty list does not.
 * Lists are looked up in constant time: they may be long.
 */
export const createScopeRule = (scope: SyncScope): ScopeRule => {
  const users = new Set(scope.users.map((user) => user.toLowerCase()));
  const domains = new Set(scope.domains.map((domain) => domain.toLowerCase()));
  const units = scope.orgUnits.map(comparablePath);
  const isNamed = ({ googleId, email }: Profile) => users.has(googleId.toLowerCase()) || users.has(email.toLowerCase());
  return (profile, inScopeGroup) => {
    if (domains.size > 0 && !domains.has(domainOf(profile.email))) return false;
    if (scope.groups.length > 0 && !inScopeGroup) return false;
    const path = comparablePath(profile.orgUnitPath);
    if (units.length > 0 && !units.some((unit) => isWithin(path, unit))) return false;
    switch (scope.type) {
      case 'all':
        return true;
      case 'only':
        return isNamed(profile);
      case 'except':
        return !isNamed(profile);
    }
  };
};
