import type { PictureKind } from './picture-kinds.ts';

export type Phone = { value: string; type: string; primary?: boolean };

/** One Google account: a user of a company's directory, or a consumer when `customerId` is undefined. */
export type Person = {
  readonly id: string;
  readonly customerId: string | undefined;
  primaryEmail: string;
  aliases: string[];
  givenName: string | undefined;
  familyName: string | undefined;
  orgUnitPath: string;
  department: string | undefined;
  title: string | undefined;
  phones: Phone[];
  managerEmail: string | undefined;
  isAdmin: boolean;
  isDelegatedAdmin: boolean;
  isEnrolledIn2Sv: boolean;
  isMailboxSetup: boolean;
  suspended: boolean;
  suspensionReason: string | undefined;
  archived: boolean;
  creationTime: string;
  lastLoginTime: string;
  deletionTime: string | undefined;
  /** The picture is drawn from this number; another number is another picture. */
  photoSeed: number | undefined;
  photoKind: PictureKind;
  /** Where the People API says the picture is, when that is not here. */
  photoUrl: string | undefined;
  /** Verified send-as addresses besides the primary one. */
  sendAs: string[];
  /** Laid over the resource as it is, to show what real directories hold. */
  overrides: Record<string, unknown>;
  /** Grows with each change of the directory; the etag follows it. */
  version: number;
  /** As last sent in a listing. A field and not a weak map: those slow the garbage collector down at 100,000 people. */
  written: { version: number; look: string; bytes: Buffer } | undefined;
  /** The version that was compared with Google's schema. */
  checkedVersion: number;
};

type Kept = 'id' | 'customerId' | 'version' | 'deletionTime' | 'written' | 'checkedVersion';

/** What a new person may be told; everything else gets a plain default. */
export type NewPerson = Partial<Omit<Person, Kept>> & {
  primaryEmail: string;
};

/** What may be changed afterwards; `null` clears an optional value. */
export type PersonChange = {
  [Key in keyof Omit<Person, Kept>]?: Person[Key] | null;
};

export function fullNameOf({ givenName, familyName }: Person): string {
  return [givenName, familyName].filter(Boolean).join(' ');
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}
