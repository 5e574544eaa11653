import { randomBytes, randomInt } from 'node:crypto';
import type { ApiName } from '../api/discovery.ts';
import type { Company } from '../directory/company.ts';
import type { NewPerson, Person, PersonChange } from '../directory/person.ts';
import type { PictureKind } from '../directory/picture-kinds.ts';
import { userResource } from '../directory/user-resource.ts';
import { writeAllUsers } from '../directory/written-users.ts';
import type { Fault } from '../faults.ts';
import { type NewOAuthClient, type OAuthClient, redirectUriProblem } from '../oauth/clients.ts';
import { type Death, expiredOrRevoked, type RefreshToken, type SavedGrants } from '../oauth/grants.ts';
import { isMailScope } from '../oauth/scopes.ts';
import type { LoggedRequest, RequestFilter } from '../request-log.ts';
import { seedWorld, type WorldSeed } from '../seed/seed.ts';
import type { Settings, World } from '../world.ts';
import { ControlError } from './control-error.ts';
import { createGroupActions } from './group-actions.ts';

export type RefreshTokenEnd = 'invalid_grant' | 'invalid_rapt' | 'admin_policy_enforced' | 'deleted_client';

export type NewPhoto = { person: string; photoSeed: number | null; kind?: PictureKind; url?: string | null };

/** Whose tokens; every given part must fit. */
export type TokenFilter = { email?: string; clientId?: string };

const deaths: Record<RefreshTokenEnd, Death> = {
  invalid_grant: expiredOrRevoked,
  invalid_rapt: {
    error: 'invalid_grant',
    description: 'reauth related error (invalid_rapt)',
    subtype: 'invalid_rapt',
    uri: 'https://support.google.com/a/answer/9368756',
  },
  admin_policy_enforced: { error: 'admin_policy_enforced', description: 'Bad Request' },
  deleted_client: { error: 'deleted_client', description: 'The OAuth client was deleted.' },
};

/** Everything tests, the demo and the benchmark may do to the stand-in from outside. One input, one JSON answer each. */
export function createActions(world: World) {
  return {
    /** Back to nothing: no companies, clients, tokens, mails, faults, log. */
    reset: () => world.reset(),
    seed: (input: WorldSeed = {}) => seedWorld(world, input),

    /** Writes every user with this `fields` mask ahead, so that a benchmark measures the sending only. */
    prepareListing: ({ fields }: { fields?: string } = {}) => writeAllUsers(world, fields ?? null),

    addPerson(input: NewPerson) {
      const company = companyOf(input.primaryEmail);
      return shown(company.directory.add(world.newPersonId(), input, new Date(world.clock.now()).toISOString()));
    },
    /** A new primary address leaves the old one as an alias. `null` clears a value. */
    changePerson({ person: key, change }: { person: string; change: PersonChange }) {
      const found = person(key);
      directoryOf(found).change(found, change);
      return shown(found);
    },
    suspend: ({ person: key, reason = 'ADMIN' }: { person: string; reason?: string }) =>
      shown(changed(key, { suspended: true, suspensionReason: reason })),
    unsuspend: ({ person: key }: { person: string }) =>
      shown(changed(key, { suspended: false, suspensionReason: null })),
    archive: ({ person: key }: { person: string }) => shown(changed(key, { archived: true })),
    unarchive: ({ person: key }: { person: string }) => shown(changed(key, { archived: false })),
    /** Another picture, or none with `photoSeed: null`; `url` is where the People API says it is. */
    setPhoto: ({ person: key, photoSeed, kind = 'drawn', url = null }: NewPhoto) =>
      shown(changed(key, { photoSeed, photoKind: kind, photoUrl: url })),
    deletePerson({ person: key }: { person: string }) {
      const found = person(key);
      directoryOf(found).delete(found, new Date(world.clock.now()).toISOString());
      return shown(found);
    },
    /** By id, as a deleted person has no address any more. */
    undeletePerson({ id }: { id: string }) {
      for (const { directory } of world.companies.values()) {
        const found = directory.findDeleted(id);
        if (!found) continue;
        directory.undelete(found);
        return shown(found);
      }
      throw new ControlError(`no deleted person ${id}`);
    },
    person: ({ person: key }: { person: string }) => shown(person(key)),
    /** Everybody a complete listing of the company holds. */
    people: ({ domain }: { domain: string }) => [...companyOf(`@${domain}`).directory.people()].map(shown),
    /** Offers an address on the account picker. */
    addSignIn({ person: key }: { person: string }) {
      const found = person(key);
      companyOf(found.primaryEmail).signIns.push(found.primaryEmail);
    },
    /** Ends every refresh token of the person that covers mail, as a new password does at Google. */
    changePassword({ person: key }: { person: string }) {
      const { id } = person(key);
      return world.grants.killRefreshTokens(
        expiredOrRevoked,
        (token) => token.accountId === id && token.scopes.some(isMailScope),
      );
    },

    ...createGroupActions(world),

    addClient(input: NewOAuthClient): OAuthClient {
      refuseBadUris(input.redirectUris);
      const number = input.projectId ?? String(randomInt(10 ** 11, 10 ** 12));
      const client: OAuthClient = {
        clientId: `${number}-${randomBytes(16).toString('hex')}.apps.googleusercontent.com`,
        clientSecret: `GOCSPX-${randomBytes(21).toString('base64url')}`,
        name: 'PBX',
        projectId: number,
        userType: 'internal',
        publishingStatus: 'production',
        testUsers: [],
        ...input,
        state: 'active',
      };
      world.clients.set(client.clientId, client);
      return client;
    },
    changeClient({
      clientId,
      change,
    }: {
      clientId: string;
      change: Partial<Omit<OAuthClient, 'clientId'>>;
    }): OAuthClient {
      const client = world.clients.get(clientId);
      if (!client) throw new ControlError(`no client ${clientId}`);
      refuseBadUris(change.redirectUris ?? []);
      return Object.assign(client, change);
    },
    clients: () => [...world.clients.values()],

    addFault(fault: Fault): { id: number } {
      return { id: world.faults.add(fault) };
    },
    removeFault: ({ id }: { id: number }) => world.faults.remove(id),
    clearFaults: () => world.faults.clear(),
    faults: () => world.faults.states,

    /** Without `afterPages` every page token given out so far dies; with it, that many pages pass and `times` (1) are refused. */
    expirePageTokens({ afterPages, times = 1 }: { afterPages?: number; times?: number } = {}) {
      if (afterPages === undefined) world.pageTokens.expireAll();
      else world.pageTokens.expireAfter(afterPages, times);
    },
    /** Access tokens of everyone, or of one person, are answered 401 from now on. */
    expireAccessTokens: ({ email }: { email?: string } = {}) =>
      world.grants.expireAccessTokens(email && person(email).id),
    endRefreshTokens({ how, ...filter }: { how: RefreshTokenEnd } & TokenFilter) {
      return world.grants.killRefreshTokens(deaths[how], tokenMatcher(filter));
    },
    refreshTokens: (filter: TokenFilter = {}) =>
      [...world.grants.refreshTokens.values()]
        .filter(tokenMatcher(filter))
        .map(({ clientId, accountId, scopes, issuedAt, lastUsedAt, ...token }) => ({
          clientId,
          accountId,
          scopes,
          issuedAt,
          lastUsedAt,
          alive: world.grants.deathOf({ clientId, accountId, scopes, issuedAt, lastUsedAt, ...token }) === undefined,
        })),
    /** Tokens and consents, secrets included, for `restoreGrants` after a restart with the same seed. */
    saveGrants: (): SavedGrants => world.grants.saved(),
    restoreGrants: (saved: SavedGrants) => world.grants.restore(saved),
    /** New ID tokens are signed by a new key. The old one stays published unless dropped. */
    rotateKeys: (input: { dropOld?: boolean } = {}) => world.keys.rotate(input),
    /** Google's clock runs this far ahead (or behind, when negative) of this machine's. */
    setClockSkew({ skewMs }: { skewMs: number }) {
      world.clock.skewMs = skewMs;
    },
    /** What an administrator of the company decides about an app; `null` undoes it. */
    setAppAccess({
      domain,
      clientId,
      access,
    }: {
      domain: string;
      clientId: string;
      access: 'trusted' | 'blocked' | null;
    }) {
      const { appAccess } = companyOf(`@${domain}`);
      if (access) appAccess.set(clientId, access);
      else appAccess.delete(clientId);
    },
    setApi({ api, enabled }: { api: Exclude<ApiName, 'oauth2'>; enabled: boolean }) {
      if (enabled) world.disabledApis.delete(api);
      else world.disabledApis.add(api);
    },
    changeSettings: (change: Partial<Settings>): Settings => Object.assign(world.settings, change),

    requests: (filter: RequestFilter = {}): LoggedRequest[] => world.log.matching(filter),
    requestCounts: () => world.log.counts(),
    clearRequests: () => world.log.clear(),
    /** Answers once `count` matching requests are in the log, or after `timeoutMs` (10 s) with what there is. */
    waitForRequests: ({
      count,
      timeoutMs = 10_000,
      ...filter
    }: { count: number; timeoutMs?: number } & RequestFilter) => world.log.wait(filter, count, timeoutMs),
    violations: () => world.violations.list,
    clearViolations: () => world.violations.clear(),
    outbox: () => world.mailbox.mails(),
    notifications: () => world.push.deliveries,
    channels: () => [...world.push.channels.values()],
  };

  function person(key: string): Person {
    const found = world.person(key);
    if (!found) throw new ControlError(`no person ${key}`);
    return found;
  }

  function companyOf(email: string): Company {
    const company = world.companyOfDomain(email.slice(email.lastIndexOf('@') + 1));
    if (!company) throw new ControlError(`no company has the domain of ${email}`);
    return company;
  }

  function directoryOf(found: Person) {
    return world.companyOf(found)?.directory ?? world.consumers;
  }

  function changed(key: string, change: PersonChange): Person {
    const found = person(key);
    directoryOf(found).change(found, change);
    return found;
  }

  function shown(found: Person): { id: string; primaryEmail: string } & Record<string, unknown> {
    return { ...userResource(found, world.origin, 'full'), id: found.id, primaryEmail: found.primaryEmail };
  }

  function tokenMatcher({ email, clientId }: TokenFilter): (token: RefreshToken) => boolean {
    const accountId = email && person(email).id;
    return (token) => (!accountId || token.accountId === accountId) && (!clientId || token.clientId === clientId);
  }
}

export type Actions = ReturnType<typeof createActions>;

function refuseBadUris(uris: string[]): void {
  for (const uri of uris) {
    const problem = redirectUriProblem(uri);
    if (problem) throw new ControlError(`${problem} (${uri})`);
  }
}
