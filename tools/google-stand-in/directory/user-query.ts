import { ApiError, invalidInput } from '../api/api-error.ts';
import { fullNameOf, type Person } from './person.ts';

/**
 * Parses the `query` of users.list into a test of one person: `field=value`, `field:words`, `field:prefix*`, or a bare
 * word, joined by spaces that mean AND; values with spaces stand in single quotes, `\'` inside.
 * Source: Google's guide "Search for users".
 */
export function parseUserQuery(query: string, view: 'admin_view' | 'domain_public'): (person: Person) => boolean {
  const clauses = [...splitClauses(query)].map((text) => clause(text, view));
  return (person) => clauses.every((matches) => matches(person));
}

type TextField = { values: (person: Person) => (string | undefined)[]; prefix: boolean; words: boolean };

const textFields: Record<string, TextField> = {
  name: { values: (person) => [fullNameOf(person)], words: true, prefix: false },
  email: { values: (person) => [person.primaryEmail, ...person.aliases], words: true, prefix: true },
  givenName: { values: (person) => [person.givenName], words: true, prefix: true },
  familyName: { values: (person) => [person.familyName], words: true, prefix: true },
  orgTitle: { values: (person) => [person.title], words: true, prefix: false },
  orgDepartment: { values: (person) => [person.department], words: true, prefix: false },
  externalId: { values: (person) => [`E-${person.id.slice(-6)}`], words: true, prefix: false },
  phone: { values: (person) => person.phones.map((phone) => phone.value), words: false, prefix: false },
  directManager: { values: (person) => [person.managerEmail], words: false, prefix: false },
};

const flags: Record<string, (person: Person) => boolean> = {
  isAdmin: (person) => person.isAdmin,
  isDelegatedAdmin: (person) => person.isDelegatedAdmin,
  isSuspended: (person) => person.suspended,
  isArchived: (person) => person.archived,
  isEnrolledIn2Sv: (person) => person.isEnrolledIn2Sv,
  isEnforcedIn2Sv: () => false,
  isGuest: () => false,
};

function clause(text: string, view: 'admin_view' | 'domain_public'): (person: Person) => boolean {
  const parts = /^([A-Za-z][\w.]*)(=|:)(.*)$/s.exec(text);
  if (!parts) {
    if (/^[A-Za-z][\w.]*[<>]/.test(text)) throw invalidInput('query');
    const words = unquote(text);
    return (person) =>
      [person.givenName, person.familyName, person.primaryEmail].some((value) => hasWords(value, words));
  }
  const [, field = '', operator, given = ''] = parts;
  const prefix = operator === ':' && given.endsWith('*');
  const value = unquote(prefix ? given.slice(0, -1) : given);
  if (!value) throw invalidInput('query');

  const flag = flags[field];
  if (flag) {
    if (operator !== '=' || (value !== 'true' && value !== 'false')) throw invalidInput('query');
    return (person) => flag(person) === (value === 'true');
  }
  if (field === 'orgUnitPath') {
    if (operator !== '=' || !value.startsWith('/')) throw invalidInput('query');
    if (view !== 'admin_view')
      throw new ApiError({
        status: 400,
        reason: 'invalid',
        message: 'orgUnitPath can only be used with viewType=admin_view',
      });
    const subtree = value === '/' ? '/' : `${value.toLowerCase()}/`;
    return (person) => `${person.orgUnitPath.toLowerCase()}/`.startsWith(subtree);
  }
  const known = textFields[field];
  if (!known || (operator === ':' && !(prefix ? known.prefix : known.words))) throw invalidInput('query');
  const lower = value.toLowerCase();
  if (prefix) return (person) => known.values(person).some((each) => each?.toLowerCase().startsWith(lower));
  if (operator === '=') return (person) => known.values(person).some((each) => each?.toLowerCase() === lower);
  return (person) => known.values(person).some((each) => hasWords(each, value));
}

/** Whole words, in order, side by side. */
function hasWords(value: string | undefined, words: string): boolean {
  const wanted = wordsOf(words);
  const found = wordsOf(value ?? '');
  if (wanted.length === 0) return false;
  return found.some((_, start) => wanted.every((word, offset) => found[start + offset] === word));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** The clauses of a query; a value in quotes stays one. */
export function* splitClauses(query: string): Generator<string> {
  for (const [text] of query.matchAll(/(?:'(?:\\.|[^'\\])*'|[^\s'])+/gs)) yield text;
  const quotes = query.replaceAll(/\\./gs, '').split("'").length - 1;
  if (quotes % 2 === 1) throw invalidInput('query');
}

export function unquote(text: string): string {
  const quoted = /^'(.*)'$/s.exec(text);
  return quoted ? (quoted[1] ?? '').replaceAll(/\\(.)/gs, '$1') : text;
}
