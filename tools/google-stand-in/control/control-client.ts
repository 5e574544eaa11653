import type { Actions } from './actions.ts';

const names = [
  'reset',
  'seed',
  'prepareListing',
  'addPerson',
  'changePerson',
  'suspend',
  'unsuspend',
  'archive',
  'unarchive',
  'setPhoto',
  'deletePerson',
  'undeletePerson',
  'person',
  'people',
  'addSignIn',
  'changePassword',
  'addGroup',
  'addGroupMember',
  'removeGroupMember',
  'renameGroup',
  'deleteGroup',
  'group',
  'addOrgUnit',
  'renameOrgUnit',
  'addClient',
  'changeClient',
  'clients',
  'addFault',
  'removeFault',
  'clearFaults',
  'faults',
  'expirePageTokens',
  'expireAccessTokens',
  'endRefreshTokens',
  'refreshTokens',
  'saveGrants',
  'restoreGrants',
  'rotateKeys',
  'setClockSkew',
  'setAppAccess',
  'setApi',
  'changeSettings',
  'requests',
  'requestCounts',
  'clearRequests',
  'waitForRequests',
  'violations',
  'clearViolations',
  'outbox',
  'notifications',
  'channels',
] as const satisfies (keyof Actions)[];

/** Every action, over HTTP. Rejects with the stand-in's own sentence when it is used wrongly. */
export type Control = {
  [Name in keyof Actions]: (...input: Parameters<Actions[Name]>) => Promise<Awaited<ReturnType<Actions[Name]>>>;
};

/** The controls of a stand-in that listens at `url`, in this process or another. */
export function createControl(url: string): Control {
  const call = (name: string) => async (input?: unknown) => {
    const response = await fetch(new URL(`/_control/${name}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(input !== undefined && { body: JSON.stringify(input) }),
    });
    const answer = (await response.json()) as { error?: string } | null;
    if (!response.ok) throw new Error(`google stand-in: ${name}: ${answer?.error}`);
    return answer ?? undefined;
  };
  return Object.fromEntries(names.map((name) => [name, call(name)])) as Control & Complete;
}

/** Fails to compile when an action is missing from the list of names. */
type Complete = [Exclude<keyof Actions, (typeof names)[number]>] extends [never] ? unknown : never;
