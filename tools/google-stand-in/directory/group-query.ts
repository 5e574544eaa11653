import { invalidInput } from '../api/api-error.ts';
import type { Company } from './company.ts';
import type { Group } from './groups.ts';
import { splitClauses, unquote } from './user-query.ts';

/**
 * Parses the `query` of groups.list: `email` and `name` with `=value` or `:prefix*`, `memberKey=key`, joined by spaces
 * that mean AND. Source: Google's guide "Search for groups".
 */
export function parseGroupQuery(query: string, company: Company): (group: Group) => boolean {
  const clauses = [...splitClauses(query)].map((text) => clause(text, company));
  return (group) => clauses.every((matches) => matches(group));
}

function clause(text: string, company: Company): (group: Group) => boolean {
  const [, field, operator, given = ''] = /^(email|name|memberKey)(=|:)(.+)$/s.exec(text) ?? [];
  const prefix = operator === ':' && given.endsWith('*');
  const value = unquote(prefix ? given.slice(0, -1) : given).toLowerCase();
  if (!field || !value || (operator === ':' && !prefix)) throw invalidInput('query');
  if (field === 'memberKey') {
    if (operator !== '=') throw invalidInput('query');
    const memberId = company.directory.find(value)?.id ?? company.groups.find(value)?.id;
    return (group) => memberId !== undefined && group.members.has(memberId);
  }
  return (group) => {
    const held = (field === 'email' ? group.email : group.name).toLowerCase();
    return prefix ? held.startsWith(value) : held === value;
  };
}
