/** Google's names for what is asked. Only these are ever asked; `cloud-platform` and restricted ones never. */
export const SCOPES = {
  openid: 'openid',
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
  gmailSend: 'https://www.googleapis.com/auth/gmail.send',
  directoryGroups: 'https://www.googleapis.com/auth/admin.directory.group.readonly',
  directoryOrgUnits: 'https://www.googleapis.com/auth/admin.directory.orgunit.readonly',
  directoryProfiles: 'https://www.googleapis.com/auth/directory.readonly',
  directoryUsers: 'https://www.googleapis.com/auth/admin.directory.user.readonly',
} as const;

/** Google answers with the long names of what may be asked for by the short ones. */
const LONG_NAMES: Readonly<Record<string, string>> = { email: SCOPES.email, profile: SCOPES.profile };

/** Scopes under the one name by which they can be compared, sorted, each once. */
export const normaliseScopes = (scopes: readonly string[]): string[] =>
  [...new Set(scopes.filter((scope) => scope !== '').map((scope) => LONG_NAMES[scope] ?? scope))].sort();

/** The `scope` field of a token answer. */
export const parseScopes = (scope: string): string[] => normaliseScopes(scope.split(' '));
