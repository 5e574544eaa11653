import { AppError } from '../../src/errors.ts';
import type { DirectoryPage, DirectoryUser, GoogleDirectory } from '../../src/google/index.ts';

export type ScriptedDirectory = GoogleDirectory & {
  people: DirectoryUser[];
  /** People in one answer. */
  pageSize: number;
  /** The next calls throw these, one each; undefined lets a call through. */
  faults: (Error | undefined)[];
  /** Page tokens asked for, in order; undefined is the first page. */
  readonly asked: (string | undefined)[];
  /** People asked for one by one, in order. */
  readonly askedFor: string[];
  /** Runs before each answer. */
  beforeAnswer?: () => Promise<void>;
};

export const person = (id: number, change: Partial<DirectoryUser> = {}): DirectoryUser => ({
  id: String(100_000_000 + id),
  primaryEmail: `person${id}@acme.example`,
  name: { givenName: 'Person', familyName: `No ${id}`, fullName: `Person No ${id}` },
  orgUnitPath: '/',
  ...change,
});

export const peopleFrom = (first: number, count: number): DirectoryUser[] =>
  Array.from({ length: count }, (_, i) => person(first + i));

/** A directory behind the client's own interface, for what the feature does with its answers and failures. */
export const scriptedDirectory = (people: DirectoryUser[], pageSize = 5): ScriptedDirectory => {
  const script: ScriptedDirectory = {
    people,
    pageSize,
    faults: [],
    asked: [],
    askedFor: [],
    async getUser({ userKey }): Promise<DirectoryUser | undefined> {
      script.askedFor.push(userKey);
      const fault = script.faults.shift();
      await script.beforeAnswer?.();
      if (fault) throw fault;
      const user = script.people.find(({ id, primaryEmail }) => id === userKey || primaryEmail === userKey);
      if (!user) throw new AppError('GOOGLE_NOT_FOUND', 'There is no such person.');
      return user;
    },
    async listUsers({ pageToken }): Promise<DirectoryPage> {
      script.asked.push(pageToken);
      const fault = script.faults.shift();
      await script.beforeAnswer?.();
      if (fault) throw fault;
      const from = Number(pageToken ?? 0);
      const next = from + script.pageSize;
      return {
        users: script.people.slice(from, next),
        nextPageToken: next < script.people.length ? String(next) : undefined,
      };
    },
  };
  return script;
};
