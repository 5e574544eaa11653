import { AppError } from '../../src/errors.ts';
import type { GoogleGroups, MemberPage } from '../../src/google/index.ts';

export type ScriptedGroups = GoogleGroups & {
  /** Members by the group's address; `everyone` stands for the whole company. */
  members: Record<string, readonly string[] | 'everyone'>;
  /** The next calls throw these, one each; undefined lets a call through. */
  faults: (Error | undefined)[];
  /** Groups and page tokens asked for, in order. */
  readonly asked: (readonly [string, string | undefined])[];
};

/** Groups behind the client's own interface, for what the feature does with its answers and failures. */
export const scriptedGroups = (pageSize = 2): ScriptedGroups => {
  const membersOf = (group: string) => {
    const members = script.members[group];
    if (!members) throw new AppError('GOOGLE_GROUP_NOT_FOUND', 'Google has no such group any more.');
    return members;
  };
  const script: ScriptedGroups = {
    members: {},
    faults: [],
    asked: [],
    async listMembers({ group, pageToken }): Promise<MemberPage> {
      script.asked.push([group, pageToken]);
      const fault = script.faults.shift();
      if (fault) throw fault;
      const members = membersOf(group);
      if (members === 'everyone') return { googleIds: [], holdsEveryone: true, nextPageToken: undefined };
      const next = Number(pageToken ?? 0) + pageSize;
      return {
        googleIds: members.slice(next - pageSize, next),
        holdsEveryone: false,
        nextPageToken: next < members.length ? String(next) : undefined,
      };
    },
    async hasMember({ group, person }) {
      const members = membersOf(group);
      return members === 'everyone' || members.includes(person);
    },
  };
  return script;
};
