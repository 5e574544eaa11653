import type { FoundGroup, FoundOrgUnit, GoogleDirectorySearch } from '../../src/google/index.ts';
import type { ScriptedDirectory } from './scripted-directory.ts';

export type ScriptedSearch = GoogleDirectorySearch & {
  groups: FoundGroup[];
  orgUnits: FoundOrgUnit[];
  /** The next calls throw these, one each. */
  faults: Error[];
};

/** Finds among the people of a scripted directory. */
export const scriptedSearch = (directory: ScriptedDirectory): ScriptedSearch => {
  const answer = async <Answer>(found: Answer): Promise<Answer> => {
    const fault = script.faults.shift();
    if (fault) throw fault;
    return found;
  };
  const script: ScriptedSearch = {
    groups: [],
    orgUnits: [],
    faults: [],
    searchUsers: ({ text }) =>
      answer(
        directory.people
          .filter(({ primaryEmail }) => primaryEmail.startsWith(text))
          .map(({ id, primaryEmail, name, suspended }) => ({
            googleId: id,
            email: primaryEmail,
            name: String(name?.fullName ?? ''),
            suspended: suspended === true,
          })),
      ),
    searchGroups: ({ text }) => answer(script.groups.filter(({ email }) => email.startsWith(text))),
    listOrgUnits: () => answer(script.orgUnits),
  };
  return script;
};
