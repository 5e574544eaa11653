import type { Directory } from './directory.ts';
import type { Person } from './person.ts';

export const memberRoles = ['OWNER', 'MANAGER', 'MEMBER'] as const;
export type MemberRole = (typeof memberRoles)[number];

/** `CUSTOMER` stands for everyone in the company. Somebody of another company is a `USER` whom the directory lacks. */
export type GroupMember =
  | { type: 'USER'; id: string; outsideEmail: string | undefined; role: MemberRole }
  | { type: 'GROUP'; id: string; role: MemberRole }
  | { type: 'CUSTOMER'; id: string; role: MemberRole };

export type Group = {
  readonly id: string;
  email: string;
  name: string;
  description: string;
  members: Map<string, GroupMember>;
  version: number;
};

export type NewGroup = { email: string; name?: string; description?: string };

/** The groups of one company. Who was deleted is no member while deleted, and is one again when restored. */
export function createGroups(customerId: string, directory: Directory) {
  const byId = new Map<string, Group>();
  let version = 1;

  function find(groupKey: string): Group | undefined {
    const byGivenId = byId.get(groupKey);
    if (byGivenId) return byGivenId;
    const address = groupKey.toLowerCase();
    for (const group of byId.values()) if (group.email.toLowerCase() === address) return group;
    return undefined;
  }

  const isShown = (member: GroupMember): boolean => {
    switch (member.type) {
      case 'USER':
        return member.outsideEmail !== undefined || directory.isLive(member.id);
      case 'GROUP':
        return byId.has(member.id);
      case 'CUSTOMER':
        return true;
    }
  };

  /** Direct members, then those that groups within bring along, each once; derived ones are plain members. */
  function membersOf(group: Group, derived: boolean): GroupMember[] {
    const found = new Map<string, GroupMember>();
    const visited = new Set<string>();
    const visit = (current: Group, depth: number): void => {
      if (visited.has(current.id)) return;
      visited.add(current.id);
      for (const member of current.members.values()) {
        if (!isShown(member)) continue;
        if (!found.has(member.id)) found.set(member.id, depth === 0 ? member : { ...member, role: 'MEMBER' });
        const within = derived && member.type === 'GROUP' ? byId.get(member.id) : undefined;
        if (within) visit(within, depth + 1);
      }
    };
    visit(group, 0);
    return [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  return {
    all: () => [...byId.values()].sort((one, other) => (one.email < other.email ? -1 : 1)),
    find,
    membersOf,

    add(id: string, { email, name = email.split('@')[0] ?? email, description = '' }: NewGroup): Group {
      if (find(email) || directory.find(email)) throw new Error(`${email} is taken`);
      const group: Group = { id, email, name, description, members: new Map(), version: ++version };
      byId.set(id, group);
      return group;
    },

    put(group: Group, member: GroupMember): void {
      if (member.type === 'GROUP') {
        const within = byId.get(member.id);
        const below = within ? [within.id, ...membersOf(within, true).map(({ id }) => id)] : [];
        if (below.includes(group.id)) throw new Error(`${within?.email} and ${group.email} would hold each other`);
      }
      group.members.set(member.id, member);
      group.version = ++version;
    },

    take(group: Group, memberId: string): boolean {
      group.version = ++version;
      return group.members.delete(memberId);
    },

    rename(group: Group, email: string): void {
      group.email = email;
      group.version = ++version;
    },

    delete(group: Group): void {
      byId.delete(group.id);
      version += 1;
    },

    everyone: (role: MemberRole): GroupMember => ({ type: 'CUSTOMER', id: customerId, role }),
    person: ({ id }: Person, role: MemberRole): GroupMember => ({ type: 'USER', id, outsideEmail: undefined, role }),
    group: ({ id }: Group, role: MemberRole): GroupMember => ({ type: 'GROUP', id, role }),
    outsider: (id: string, email: string, role: MemberRole): GroupMember => ({
      type: 'USER',
      id,
      outsideEmail: email,
      role,
    }),
  };
}

export type Groups = ReturnType<typeof createGroups>;
