import { hash } from 'node:crypto';
import { domainOf, fullNameOf, type Person } from './person.ts';

/** How much of a user an answer shows. */
export type View = 'basic' | 'full' | 'public';

export function etagOf(...parts: (string | number)[]): string {
  return `"${hash('sha256', parts.join('\n'), 'base64url')}"`;
}

export function photoEtagOf(person: Person): string | undefined {
  return person.photoSeed === undefined ? undefined : etagOf('photo', person.id, person.photoKind, person.photoSeed);
}

export function photoUrlOf(person: Person, origin: string): string | undefined {
  return person.photoSeed === undefined ? undefined : `${origin}/a-/${person.id}-${person.photoSeed}=s96-c`;
}

/** The `User` of Google's Directory API. `origin` is where pictures are served. */
export function userResource(person: Person, origin: string, view: View = 'basic'): Record<string, unknown> {
  const shared = {
    kind: 'admin#directory#user',
    id: person.id,
    etag: etagOf('user', person.id, person.version),
    primaryEmail: person.primaryEmail,
    name: nameOf(person),
    emails: emailsOf(person),
    ...(person.phones.length > 0 && { phones: person.phones }),
    ...organizationsOf(person),
    ...(person.photoSeed !== undefined && {
      thumbnailPhotoUrl: photoUrlOf(person, origin),
      thumbnailPhotoEtag: photoEtagOf(person),
    }),
  };
  if (view === 'public') return shared;
  return {
    ...shared,
    isAdmin: person.isAdmin,
    isDelegatedAdmin: person.isDelegatedAdmin,
    lastLoginTime: person.lastLoginTime,
    creationTime: person.creationTime,
    ...(person.deletionTime && { deletionTime: person.deletionTime }),
    agreedToTerms: true,
    suspended: person.suspended,
    ...(person.suspended && { suspensionReason: person.suspensionReason ?? 'ADMIN' }),
    archived: person.archived,
    changePasswordAtNextLogin: false,
    ipWhitelisted: false,
    externalIds: [{ value: `E-${person.id.slice(-6)}`, type: 'organization' }],
    languages: [{ languageCode: 'en', preference: 'preferred' }],
    locations: [{ type: 'desk', area: 'desk', buildingId: 'HQ', floorName: '2', floorSection: person.id.slice(-2) }],
    ...(person.managerEmail && { relations: [{ value: person.managerEmail, type: 'manager' }] }),
    ...(person.aliases.length > 0 && { aliases: person.aliases }),
    nonEditableAliases: [`${person.primaryEmail.split('@')[0]}@${domainOf(person.primaryEmail)}.test-google-a.com`],
    customerId: person.customerId ?? '',
    orgUnitPath: person.orgUnitPath,
    isMailboxSetup: person.isMailboxSetup,
    isEnrolledIn2Sv: person.isEnrolledIn2Sv,
    isEnforcedIn2Sv: false,
    includeInGlobalAddressList: true,
    ...(view === 'full' && { customSchemas: { Employment: { startedOn: person.creationTime.slice(0, 10) } } }),
    ...person.overrides,
  };
}

function nameOf(person: Person): Record<string, string> {
  const fullName = fullNameOf(person);
  return {
    ...(person.givenName && { givenName: person.givenName }),
    ...(person.familyName && { familyName: person.familyName }),
    ...(fullName && { fullName }),
  };
}

function emailsOf(person: Person): { address: string; primary?: boolean }[] {
  const local = person.primaryEmail.split('@')[0];
  return [
    { address: person.primaryEmail, primary: true },
    ...person.aliases.map((address) => ({ address })),
    { address: `${local}@${domainOf(person.primaryEmail)}.test-google-a.com` },
  ];
}

function organizationsOf(person: Person): Record<string, unknown> {
  if (!person.department && !person.title) return {};
  return {
    organizations: [
      {
        ...(person.title && { title: person.title }),
        primary: true,
        ...(person.department && { department: person.department }),
        customType: '',
        costCenter: `CC-${person.orgUnitPath.length}${person.id.slice(-2)}`,
      },
    ],
  };
}
