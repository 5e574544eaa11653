import type { Profile } from './profile.ts';
import type { SyncScope } from './settings-types.ts';

const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();

const isWithin = (path: string, unit: string): boolean => unit === '/' || path === unit || path.startsWith(`${unit}/`);

/** Says of any profile whether the scope takes it in. Lists are looked up in constant time: they may be long. */
export const createScopeRule = (scope: SyncScope): ((profile: Profile) => boolean) => {
  const users = new Set(scope.users.map((user) => user.toLowerCase()));
  const domains = new Set(scope.domains.map((domain) => domain.toLowerCase()));
  const isNamed = ({ googleId, email }: Profile) => users.has(googleId.toLowerCase()) || users.has(email.toLowerCase());
  return (profile) => {
    if (domains.size > 0 && !domains.has(domainOf(profile.email))) return false;
    if (scope.orgUnits.length > 0 && !scope.orgUnits.some((unit) => isWithin(profile.orgUnitPath, unit))) return false;
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
