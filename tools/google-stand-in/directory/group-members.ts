import { type ApiCall, type ApiResult, administeredCompany } from '../api/api-call.ts';
import { invalidInput, notFound } from '../api/api-error.ts';
import type { Company } from './company.ts';
import { groupAsked, pageOf } from './group-endpoints.ts';
import { type GroupMember, memberRoles } from './groups.ts';
import { etagOf } from './user-resource.ts';

/** members.list; with `includeDerivedMembership`, of the groups within as well, which are listed themselves too. */
export function listMembers(call: ApiCall): ApiResult {
  const { company, group } = groupAsked(call);
  const roles = rolesAsked(call.query.get('roles'));
  const derived = call.query.get('includeDerivedMembership') === 'true';
  const members = company.groups.membersOf(group, derived).filter(({ role }) => roles.includes(role));
  const { page, nextPageToken } = pageOf(call, members, ({ id }) => id);
  return {
    value: {
      kind: 'admin#directory#members',
      etag: etagOf('members', group.id, group.version, page.length),
      ...(page.length > 0 && { members: page.map((member) => memberResource(company, member)) }),
      ...(nextPageToken && { nextPageToken }),
    },
  };
}

/** members.get: direct members only. */
export function getMember(call: ApiCall): ApiResult {
  const { company, group } = groupAsked(call);
  const key = call.params.memberKey ?? '';
  const id = company.directory.find(key)?.id ?? company.groups.find(key)?.id ?? key;
  const member = company.groups.membersOf(group, false).find((each) => each.id === id);
  if (!member) throw notFound('memberKey');
  return { value: memberResource(company, member) };
}

/** members.hasMember: direct or nested, for people of the company only. */
export function hasMember(call: ApiCall): ApiResult {
  const { company, group } = groupAsked(call);
  const person = administeredCompany(call).directory.find(call.params.memberKey ?? '');
  if (!person) throw invalidInput('memberKey');
  const isMember = company.groups
    .membersOf(group, true)
    .some(({ id, type }) => type === 'CUSTOMER' || id === person.id);
  return { value: { isMember } };
}

function rolesAsked(text: string | null): readonly string[] {
  if (text === null) return memberRoles;
  const roles = text.split(',').map((role) => role.trim());
  if (roles.some((role) => !memberRoles.some((known) => known === role))) throw invalidInput('roles');
  return roles;
}

function memberResource(company: Company, member: GroupMember): Record<string, unknown> {
  const { type, id, role } = member;
  const shared = { kind: 'admin#directory#member', etag: etagOf('member', id, role), id, role, type };
  switch (member.type) {
    case 'CUSTOMER':
      return shared;
    case 'GROUP':
      return { ...shared, email: company.groups.find(id)?.email, status: 'ACTIVE' };
    case 'USER': {
      const person = company.directory.find(id);
      const email = member.outsideEmail ?? person?.primaryEmail;
      return { ...shared, email, ...(person && { status: person.suspended ? 'SUSPENDED' : 'ACTIVE' }) };
    }
  }
}
