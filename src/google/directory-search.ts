import type { admin_directory_v1 } from '@googleapis/admin';
import type { GoogleEndpoints } from '../config.ts';
import { createAdminClient, oneTry } from './admin-client.ts';
import { toAppError } from './errors.ts';

/** The most hits of one search. */
export const MOST_HITS = 20;

/** Somebody waits for the answer in front of a page. */
const SEARCH_TIMEOUT_MS = 10_000;

/** More than is shown: one search is several questions, and some answers are sorted out. */
const ASKED_FOR = 50;

export interface FoundPerson {
  readonly googleId: string;
  readonly email: string;
  readonly name: string;
  readonly suspended: boolean;
}

export interface FoundGroup {
  readonly email: string;
  readonly name: string;
}

export interface FoundOrgUnit {
  readonly path: string;
  readonly name: string;
}

export interface SearchDirectory {
  readonly accessToken: string;
  readonly text: string;
  readonly signal?: AbortSignal;
}

export type ReadOrgUnits = Omit<SearchDirectory, 'text'>;

export interface GoogleDirectorySearch {
  /** At most 20 people whose address, given or family name begins so; two words are a given and a family name. */
  searchUsers(request: SearchDirectory): Promise<readonly FoundPerson[]>;
  /** At most 20 groups whose address or name begins so. @throws AppError GOOGLE_SCOPE_MISSING and the others */
  searchGroups(request: SearchDirectory): Promise<readonly FoundGroup[]>;
  /** Every organizational unit, the root too, by path. @throws AppError GOOGLE_SCOPE_MISSING and the others */
  listOrgUnits(request: ReadOrgUnits): Promise<readonly FoundOrgUnit[]>;
}

const PERSON_FIELDS = 'id,primaryEmail,name(givenName,familyName,fullName),suspended';

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * The part of a word that stands in a query without quotes: Google documents no prefix search of a quoted value.
 * @see https://developers.google.com/workspace/admin/directory/v1/guides/search-users
 */
const plainPart = (word: string): string => /^[\p{L}\p{N}\p{M}@._+-]*/u.exec(word)?.[0] ?? '';

/** Queries know no OR, so each is a question of its own. */
const userQueries = (words: readonly string[]): string[] => {
  const [first = '', second = ''] = words.map(plainPart);
  if (first === '') return [];
  if (words.length === 1) return [`email:${first}*`, `givenName:${first}*`, `familyName:${first}*`];
  if (second === '') return [`givenName:${first}*`];
  return [`givenName:${first}* familyName:${second}*`, `givenName:${second}* familyName:${first}*`];
};

const toPerson = ({ id, primaryEmail, name, suspended }: admin_directory_v1.Schema$User): FoundPerson[] => {
  if (!id || !primaryEmail) return [];
  const spelled = [name?.givenName, name?.familyName].filter(Boolean).join(' ');
  return [{ googleId: id, email: primaryEmail, name: name?.fullName || spelled, suspended: suspended === true }];
};

const toGroup = ({ email, name }: admin_directory_v1.Schema$Group): FoundGroup[] =>
  email ? [{ email, name: name || email }] : [];

const toOrgUnit = ({ orgUnitPath, name }: admin_directory_v1.Schema$OrgUnit): FoundOrgUnit[] =>
  orgUnitPath ? [{ path: orgUnitPath, name: name || orgUnitPath }] : [];

const each = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

/** What was left out of a query holds too. */
const holdsAll = (texts: readonly string[], words: readonly string[]): boolean =>
  words.every((word) => texts.some((text) => text.toLowerCase().includes(word)));

/** Searches for pickers, in Google's directory itself. */
export const createGoogleDirectorySearch = (endpoints: GoogleEndpoints): GoogleDirectorySearch => ({
  async searchUsers({ accessToken, text, signal }) {
    const client = createAdminClient(endpoints, accessToken);
    const words = wordsOf(text);
    const ask = async (query: string) => {
      const { data } = await client.users.list(
        {
          customer: 'my_customer',
          query,
          maxResults: ASKED_FOR,
          orderBy: 'email',
          projection: 'basic',
          fields: `users(${PERSON_FIELDS})`,
        },
        oneTry(SEARCH_TIMEOUT_MS, signal),
      );
      return (data.users ?? []).flatMap(toPerson);
    };
    try {
      const found = (await Promise.all(userQueries(words).map(ask))).flat();
      return each(found, ({ googleId }) => googleId)
        .filter(({ email, name }) => holdsAll([email, name], words))
        .sort((one, other) => one.email.localeCompare(other.email))
        .slice(0, MOST_HITS);
    } catch (error) {
      throw toAppError(error);
    }
  },

  async searchGroups({ accessToken, text, signal }) {
    const client = createAdminClient(endpoints, accessToken);
    const words = wordsOf(text);
    const start = plainPart(words[0] ?? '');
    if (start === '') return [];
    const ask = async (query: string) => {
      const { data } = await client.groups.list(
        { customer: 'my_customer', query, maxResults: ASKED_FOR, orderBy: 'email', fields: 'groups(email,name)' },
        oneTry(SEARCH_TIMEOUT_MS, signal),
      );
      return (data.groups ?? []).flatMap(toGroup);
    };
    try {
      const found = (await Promise.all([ask(`email:${start}*`), ask(`name:${start}*`)])).flat();
      return each(found, ({ email }) => email)
        .filter(({ email, name }) => holdsAll([email, name], words))
        .sort((one, other) => one.email.localeCompare(other.email))
        .slice(0, MOST_HITS);
    } catch (error) {
      throw toAppError(error);
    }
  },

  async listOrgUnits({ accessToken, signal }) {
    try {
      const { data } = await createAdminClient(endpoints, accessToken).orgunits.list(
        {
          customerId: 'my_customer',
          type: 'allIncludingParent',
          fields: 'organizationUnits(orgUnitPath,name)',
        },
        oneTry(SEARCH_TIMEOUT_MS, signal),
      );
      return (data.organizationUnits ?? []).flatMap(toOrgUnit);
    } catch (error) {
      throw toAppError(error);
    }
  },
});
