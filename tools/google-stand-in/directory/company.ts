import { type ChangeEvent, createDirectory, type Directory } from './directory.ts';
import type { Person } from './person.ts';

/** One Google Workspace customer. */
export type Company = {
  customerId: string;
  name: string;
  /** Primary domain: the `hd` of its people. */
  domain: string;
  domains: string[];
  directory: Directory;
  /** What the administrator decided about an app, by client id. A trusted app skips granular consent. */
  appAccess: Map<string, 'trusted' | 'blocked'>;
  /** Addresses offered on the account picker. */
  signIns: string[];
};

export function createCompany(
  given: { customerId: string; name: string; domain: string; secondaryDomains: string[] },
  onChange: (event: ChangeEvent, person: Person) => void,
): Company {
  return {
    customerId: given.customerId,
    name: given.name,
    domain: given.domain,
    domains: [given.domain, ...given.secondaryDomains],
    directory: createDirectory(given.customerId, onChange),
    appAccess: new Map(),
    signIns: [],
  };
}

/** Every organizational unit that has people, with its parents; the root is not one of them. */
export function orgUnitPathsOf(company: Company): string[] {
  const paths = new Set<string>();
  for (const person of company.directory.people()) {
    const parts = person.orgUnitPath.split('/').filter(Boolean);
    for (const index of parts.keys()) paths.add(`/${parts.slice(0, index + 1).join('/')}`);
  }
  return [...paths].sort();
}
