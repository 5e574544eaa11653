import { containing } from '../../db/containing.ts';
import type { Orm } from '../../db/orm.ts';
import { AppError, isAppError } from '../../errors.ts';
import {
  type FoundGroup,
  type FoundOrgUnit,
  type FoundPerson,
  type GoogleDirectorySearch,
  type GooglePace,
  inTurn,
  MOST_HITS,
} from '../../google/index.ts';
import type { Actor } from '../../tenants/index.ts';
import { allow } from '../allow.ts';
import type { DirectoryAccess, DirectoryNeed } from '../ports.ts';
import { type SeenDomain, selectBoundTo, selectSeenDomains, selectSeenOrgUnits } from './lookup-queries.ts';
import { withAccessToken } from './with-access-token.ts';

export interface DirectoryLookupDependencies {
  readonly orm: Orm;
  readonly search: GoogleDirectorySearch;
  readonly access: DirectoryAccess;
  readonly googlePace: GooglePace;
}

export interface LookUp {
  readonly tenantId: string;
  /** The beginning of a name or an address; of a unit or a domain, a part. */
  readonly text: string;
  readonly signal: AbortSignal;
}

/** Somebody of the Google directory, and the extension that is bound to them, if any. */
export interface DirectoryPerson extends FoundPerson {
  readonly boundTo: { readonly userId: string; readonly extensionNumber: string } | null;
}

/** Searches the Google directory while an administrator chooses. At most 20 hits. */
export const createDirectoryLookup = ({ orm, search, access, googlePace }: DirectoryLookupDependencies) => {
  const ask = <Answer>(
    { tenantId, signal }: LookUp,
    need: DirectoryNeed | undefined,
    send: (accessToken: string) => Promise<Answer>,
  ): Promise<Answer> =>
    withAccessToken(access, { tenantId, ...(need && { need }) }, (accessToken) =>
      inTurn(googlePace, { tenantId, urgency: 'person', signal }, () => send(accessToken)),
    );

  return {
    /** @throws AppError of the directory and of the access */
    async people(actor: Actor, lookUp: LookUp): Promise<readonly DirectoryPerson[]> {
      allow(actor, lookUp.tenantId, 'read');
      const { text, signal, tenantId } = lookUp;
      const found = await ask(lookUp, undefined, (accessToken) => search.searchUsers({ accessToken, text, signal }));
      const ids = found.map(({ googleId }) => googleId);
      const bound = new Map((await selectBoundTo(orm.em.fork(), tenantId, ids)).map((row) => [row.google_id, row]));
      return found.map((person) => {
        const row = bound.get(person.googleId);
        return { ...person, boundTo: row ? { userId: row.user_id, extensionNumber: row.extension_number } : null };
      });
    },

    /** @throws AppError GOOGLE_SCOPE_MISSING with what to do first, and the others */
    async groups(actor: Actor, lookUp: LookUp): Promise<readonly FoundGroup[]> {
      allow(actor, lookUp.tenantId, 'read');
      const { text, signal } = lookUp;
      try {
        return await ask(lookUp, 'groups', (accessToken) => search.searchGroups({ accessToken, text, signal }));
      } catch (error) {
        throw isAppError(error, 'GOOGLE_SCOPE_MISSING') ? groupsNotGranted(error) : error;
      }
    },

    /** Of Google when it may be asked; else those of the people that were read so far. */
    async orgUnits(actor: Actor, lookUp: LookUp): Promise<readonly FoundOrgUnit[]> {
      allow(actor, lookUp.tenantId, 'read');
      const { text, signal, tenantId } = lookUp;
      try {
        const units = await ask(lookUp, 'orgUnits', (accessToken) => search.listOrgUnits({ accessToken, signal }));
        const part = text.toLowerCase();
        return units.filter(({ path }) => path.toLowerCase().includes(part)).slice(0, MOST_HITS);
      } catch (error) {
        if (!isAppError(error, 'GOOGLE_SCOPE_MISSING')) throw error;
        const seen = await selectSeenOrgUnits(orm.em.fork(), tenantId, containing(text), MOST_HITS);
        return seen.map(({ path }) => ({ path, name: path.slice(path.lastIndexOf('/') + 1) || path }));
      }
    },

    /** Of the people that were read so far. */
    async domains(actor: Actor, { tenantId, text }: LookUp): Promise<readonly SeenDomain[]> {
      allow(actor, tenantId, 'read');
      return selectSeenDomains(orm.em.fork(), tenantId, containing(text.toLowerCase()), MOST_HITS);
    },
  };
};

const groupsNotGranted = (cause: AppError): AppError =>
  new AppError(
    'GOOGLE_SCOPE_MISSING',
    'Groups cannot be searched yet. Type the address of the group and save it; then complete the authorization again ' +
      'in the tab Permissions, which asks for the access to groups from then on.',
    { cause },
  );
