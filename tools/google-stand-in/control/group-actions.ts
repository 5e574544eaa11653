import type { Company } from '../directory/company.ts';
import type { Group, GroupMember, MemberRole, NewGroup } from '../directory/groups.ts';
import { domainOf } from '../directory/person.ts';
import { idFrom } from '../seed/random.ts';
import type { World } from '../world.ts';
import { ControlError } from './control-error.ts';

export type ShownGroup = { id: string; email: string; name: string; members: number };

/** What tests may do to the groups and organizational units of a company. */
export function createGroupActions(world: World) {
  return {
    addGroup(input: NewGroup): ShownGroup {
      const company = companyOf(domainOf(input.email));
      return shown(attempt(() => company.groups.add(world.newGroupId(), input)));
    },
    /** `member`: a person, a group (which nests it), `CUSTOMER` (everyone), or an address of another company. */
    addGroupMember({ group: key, member, role = 'MEMBER' }: { group: string; member: string; role?: MemberRole }) {
      const { company, group } = groupOf(key);
      attempt(() => company.groups.put(group, memberOf(company, member, role)));
      return shown(group);
    },
    removeGroupMember({ group: key, member }: { group: string; member: string }) {
      const { company, group } = groupOf(key);
      const { id } = memberOf(company, member, 'MEMBER');
      if (!company.groups.take(group, id)) throw new ControlError(`${member} is no direct member of ${key}`);
      return shown(group);
    },
    renameGroup({ group: key, email }: { group: string; email: string }) {
      const { company, group } = groupOf(key);
      company.groups.rename(group, email);
      return shown(group);
    },
    deleteGroup({ group: key }: { group: string }) {
      const { company, group } = groupOf(key);
      company.groups.delete(group);
      return shown(group);
    },
    group: ({ group: key }: { group: string }) => shown(groupOf(key).group),

    addOrgUnit({ domain, path }: { domain: string; path: string }) {
      companyOf(domain).orgUnits.add(path);
    },
    /** Moves the unit with all units and people below it; answers how many people moved. */
    renameOrgUnit({ domain, from, to }: { domain: string; from: string; to: string }): number {
      const { directory, orgUnits } = companyOf(domain);
      const moved = (path: string) =>
        path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
      for (const path of [...orgUnits]) {
        const renamed = moved(path);
        if (renamed !== undefined && orgUnits.delete(path)) orgUnits.add(renamed);
      }
      const people = [...directory.people()].filter((person) => moved(person.orgUnitPath) !== undefined);
      for (const person of people) {
        directory.change(person, { orgUnitPath: moved(person.orgUnitPath) ?? person.orgUnitPath });
      }
      return people.length;
    },
  };

  function companyOf(domain: string): Company {
    const company = world.companyOfDomain(domain);
    if (!company) throw new ControlError(`no company has the domain ${domain}`);
    return company;
  }

  function groupOf(key: string): { company: Company; group: Group } {
    for (const company of world.companies.values()) {
      const group = company.groups.find(key);
      if (group) return { company, group };
    }
    throw new ControlError(`no group ${key}`);
  }

  function memberOf({ directory, groups }: Company, key: string, role: MemberRole): GroupMember {
    if (key === 'CUSTOMER') return groups.everyone(role);
    const person = directory.find(key);
    if (person) return groups.person(person, role);
    const group = groups.find(key);
    if (group) return groups.group(group, role);
    if (!key.includes('@')) throw new ControlError(`nobody and no group is called ${key}`);
    return groups.outsider(world.person(key)?.id ?? idFrom(`outside:${key}`), key, role);
  }

  function attempt<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw new ControlError(error instanceof Error ? error.message : String(error));
    }
  }

  function shown({ id, email, name, members }: Group): ShownGroup {
    return { id, email, name, members: members.size };
  }
}
