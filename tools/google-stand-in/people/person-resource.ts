import { fullNameOf, type Person } from '../directory/person.ts';
import { etagOf, photoUrlOf } from '../directory/user-resource.ts';

export const personFields = new Set(
  'addresses ageRanges biographies birthdays calendarUrls clientData coverPhotos emailAddresses events externalIds genders imClients interests locales locations memberships metadata miscKeywords names nicknames occupations organizations phoneNumbers photos relations sipAddresses skills urls userDefined'.split(
    ' ',
  ),
);

/** The `Person` of Google's People API with the fields that were asked for. */
export function personResource(person: Person, origin: string, fields: ReadonlySet<string>): Record<string, unknown> {
  const metadata = { primary: true, source: { type: 'DOMAIN_PROFILE', id: person.id } };
  const fullName = fullNameOf(person);
  const photo = person.photoUrl ?? photoUrlOf(person, origin)?.replace(/=s96-c$/, '=s100');
  const all: Record<string, unknown> = {
    metadata: {
      sources: [{ type: 'DOMAIN_PROFILE', id: person.id, etag: etagOf('source', person.id, person.version) }],
      objectType: 'PERSON',
    },
    ...(fullName && {
      names: [
        {
          metadata,
          displayName: fullName,
          displayNameLastFirst: [person.familyName, person.givenName].filter(Boolean).join(', '),
          ...(person.familyName && { familyName: person.familyName }),
          ...(person.givenName && { givenName: person.givenName }),
          unstructuredName: fullName,
        },
      ],
    }),
    emailAddresses: [{ metadata: { ...metadata, verified: true }, value: person.primaryEmail }],
    ...(person.phones.length > 0 && {
      phoneNumbers: person.phones.map(({ value, type }) => ({ metadata, value, type, formattedType: type })),
    }),
    ...((person.department || person.title) && {
      organizations: [
        {
          metadata,
          type: 'work',
          current: true,
          ...(person.title && { title: person.title }),
          ...(person.department && { department: person.department }),
        },
      ],
    }),
    ...(photo && { photos: [{ metadata, url: photo, ...(person.photoKind === 'letter' && { default: true }) }] }),
  };
  return {
    resourceName: `people/${person.id}`,
    etag: etagOf('people', person.id, person.version),
    ...Object.fromEntries(Object.entries(all).filter(([name]) => fields.has(name))),
  };
}
