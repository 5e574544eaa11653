import { createHash } from 'node:crypto';
import type { PbxPhone, PbxUserFields } from '../../pbx/index.ts';

/** A Google user as sync sees it: what is compared, hashed and mapped, and nothing else. */
export interface Profile {
  readonly googleId: string;
  readonly email: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly displayName: string;
  readonly phones: readonly PbxPhone[];
  readonly department: string | null;
  readonly title: string | null;
  readonly orgUnitPath: string;
  readonly suspended: boolean;
  readonly archived: boolean;
}

/** The part of Google's answer that a profile is made of; lists are `any` at Google, so nothing in them is trusted. */
export interface GoogleUserLike {
  readonly id: string;
  readonly primaryEmail: string;
  readonly name?: { givenName?: unknown; familyName?: unknown; fullName?: unknown; displayName?: unknown } | null;
  readonly suspended?: boolean | null;
  readonly archived?: boolean | null;
  readonly orgUnitPath?: string | null;
  readonly phones?: unknown;
  readonly organizations?: unknown;
}

/** What the PBX stores at most, in characters. */
const LONGEST = { displayName: 128, name: 64, email: 254, phone: 32, phoneType: 32, department: 128, title: 128 };
const MOST_PHONES = 10;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes; Postgres refuses NUL
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const LONE_SURROGATES = /\p{Surrogate}/gu;

const text = (value: unknown, longest: number): string | null => {
  if (typeof value !== 'string') return null;
  const clean = value.replace(CONTROL_CHARACTERS, ' ').replace(LONE_SURROGATES, '').trim();
  if (clean === '') return null;
  return clean.length <= longest ? clean : Array.from(clean).slice(0, longest).join('');
};

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);

const readPhones = (value: unknown): PbxPhone[] =>
  records(value)
    .flatMap((phone): PbxPhone[] => {
      const number = text(phone.value, LONGEST.phone);
      return number ? [{ type: text(phone.type, LONGEST.phoneType) ?? 'other', value: number }] : [];
    })
    .slice(0, MOST_PHONES);

const primaryOf = (entries: Record<string, unknown>[]): Record<string, unknown> =>
  entries.find((entry) => entry.primary === true) ?? entries[0] ?? {};

/** Never empty: a person without any name is called by the part of the address before the @. */
const displayNameOf = (name: NonNullable<GoogleUserLike['name']>, email: string): string => {
  const spelled = [text(name.givenName, LONGEST.name), text(name.familyName, LONGEST.name)].filter(Boolean).join(' ');
  return (
    text(name.displayName, LONGEST.displayName) ??
    text(name.fullName, LONGEST.displayName) ??
    text(spelled, LONGEST.displayName) ??
    text(email.split('@')[0], LONGEST.displayName) ??
    'Unnamed'
  );
};

export const toProfile = (user: GoogleUserLike): Profile => {
  const name = user.name ?? {};
  const organization = primaryOf(records(user.organizations));
  const email = text(user.primaryEmail, LONGEST.email) ?? '';
  return {
    googleId: user.id,
    email,
    givenName: text(name.givenName, LONGEST.name),
    familyName: text(name.familyName, LONGEST.name),
    displayName: displayNameOf(name, email),
    phones: readPhones(user.phones),
    department: text(organization.department, LONGEST.department),
    title: text(organization.title, LONGEST.title),
    orgUnitPath: user.orgUnitPath ?? '/',
    suspended: user.suspended === true,
    archived: user.archived === true,
  };
};

/** Changes exactly when something that sync looks at changed. Key order is that of `toProfile`, so it is stable. */
export const hashProfile = (profile: Profile): string =>
  createHash('sha256').update(JSON.stringify(profile)).digest('base64url').slice(0, 22);

export const toPbxFields = (profile: Profile): PbxUserFields => ({
  displayName: profile.displayName,
  email: profile.email,
  givenName: profile.givenName,
  familyName: profile.familyName,
  phones: profile.phones,
  department: profile.department,
  title: profile.title,
});
