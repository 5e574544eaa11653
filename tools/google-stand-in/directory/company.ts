import { type ChangeEvent, createDirectory, type Directory } from './directory.ts';
import { createGroups, type Groups } from './groups.ts';
import type { Person } from './person.ts';

/** One Google Workspace customer. */
export type Company = {
  customerId: string;
  name: string;
  /** Primary domain: the `hd` of its people. */
  domain: string;
  domains: string[];
  directory: Directory;
  groups: Groups;
  /** Organizational units that were made by hand; those that have people need not be here. */
  orgUnits: Set<string>;
  /** What the administrator decided about an app, by client id. A trusted app skips granular consent. */
  appAccess: Map<string, 'trusted' | 'blocked'>;
  /** Addresses offered on the account picker. */
  signIns: string[];
};

export function createCompany(
  given: { customerId: string; name: string; domain: string; secondaryDomains: string[] },
  onChange: (event: ChangeEvent, person: Person) => void,
): Company {
  const directory = createDirectory(given.customerId, onChange);
  return {
    customerId: given.customerId,
    name: given.name,
    domain: given.domain,
    domains: [given.domain, ...given.secondaryDomains],
    directory,
    groups: createGroups(given.customerId, directory),
    orgUnits: new Set(),
    appAccess: new Map(),
    signIns: [],
  };
}

/** Every organizational unit that has people or was made by hand, with its parents; the root is not one of them. */
export function orgUnitPathsOf(company: Company): string[] {
  const paths = new Set<string>();
  const held = [...company.directory.people()].map((person) => person.orgUnitPath);
  for (const path of new Set([...held, ...company.orgUnits])) {
    const parts = path.split('/').filter(Boolean);
    for (const index of parts.keys()) paths.add(`/${parts.slice(0, index + 1).join('/')}`);
  }
  return [...paths].sort();
}
