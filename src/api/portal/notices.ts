/**
 * What a page says after a form was accepted. The redirect carries only the key (`?done=…`), so nobody can put words
 * of their own into a link.
 */
const NOTICES: Readonly<Record<string, string>> = {
  'tenant-created': 'The tenant is there. Next, connect it to Google Workspace.',
  'tenant-changed': 'The changes are saved.',
  'tenant-deleted': 'The tenant is deleted with all that was its own.',
  'administrator-created': 'The administrator can sign in now.',
  'administrator-removed': 'The administrator is removed and signed out everywhere.',
  'password-set': 'The new password is set. That administrator is signed out everywhere.',
  'api-token-revoked': 'The token is revoked. Nothing can use it any more.',
  'user-sync-saved': 'The settings are saved.',
  'user-sync-preview-first': 'The settings are saved.',
  'schedule-paused': 'The schedule is paused. Its settings are kept.',
  'schedule-resumed': 'The schedule is on again.',
  'binding-added': 'They are bound. The next sync writes the person’s details to the extension.',
  'binding-deleted': 'The binding is deleted. The extension stays as it is.',
  'bindings-matched': 'What you chose is bound. The next sync writes the details to the extensions.',
  'user-created': 'The user can be called now.',
  'user-changed': 'The changes are saved.',
  'user-changed-from-google': 'The changes are saved. The next sync writes what Google says over them.',
  'user-enabled': 'The user is enabled.',
  'user-disabled': 'The user is disabled. No sync enables it again; you can, at any time.',
  'user-deleted': 'The user is deleted, and the number is free.',
  'number-added': 'The number is taken. No sync gives it to a person.',
  'number-removed': 'The number is free.',
  'removals-approved': 'Approved. Each is looked at again and then removed; this page tells how far it is.',
  'removals-rejected': 'Rejected. These people keep their extensions.',
  'google-credentials-saved': 'The credentials are saved. Next, complete the authorization.',
  'google-disconnected': 'The access is revoked at Google and forgotten here.',
  'google-disconnected-here':
    'The access is forgotten here. Google could not be told: remove the app from the third-party connections of the account there.',
  'google-reset': 'The integration is reset. Any company may be connected now.',
  'signed-out': 'You are signed out.',
};

export const noticeOf = (key: string | undefined): string | undefined =>
  key !== undefined && Object.hasOwn(NOTICES, key) ? NOTICES[key] : undefined;

/** The address to go to after a form was accepted. */
export const withNotice = (path: string, key: keyof typeof NOTICES): string =>
  `${path}${path.includes('?') ? '&' : '?'}done=${key}`;
