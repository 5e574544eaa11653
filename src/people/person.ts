import type { PbxPhone } from '../pbx/index.ts';
import type { PersonRow } from './people-queries.ts';

/** An extension user, and the Google user behind it. */
export interface Person {
  readonly id: string;
  readonly extensionNumber: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly phones: readonly PbxPhone[];
  readonly department: string | null;
  readonly title: string | null;
  readonly enabled: boolean;
  readonly disabledBy: 'sync' | 'administrator' | null;
  readonly googleId: string | null;
  readonly boundBy: 'created' | 'linked' | 'hand' | null;
  /** The hash of the picture; null when there is none. */
  readonly photo: string | null;
  readonly revision: number;
  /** RFC 3339 */
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const toPerson = (row: PersonRow): Person => ({
  id: row.id,
  extensionNumber: row.extension_number,
  displayName: row.display_name,
  email: row.email,
  givenName: row.given_name,
  familyName: row.family_name,
  phones: row.phones,
  department: row.department,
  title: row.title,
  enabled: row.enabled,
  disabledBy: row.disabled_by,
  googleId: row.google_id,
  boundBy: row.bound_by,
  photo: row.photo,
  revision: row.revision,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
