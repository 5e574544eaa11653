const aliases: Record<string, string> = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
};

const signInScopes = new Set(['openid', ...Object.values(aliases)]);

const descriptions: Record<string, string> = {
  openid: 'Associate you with your personal info',
  'https://www.googleapis.com/auth/userinfo.email': 'See your primary email address',
  'https://www.googleapis.com/auth/userinfo.profile':
    'See your personal info, including any you made publicly available',
  'https://www.googleapis.com/auth/admin.directory.user.readonly': 'See info about users on your domain',
  'https://www.googleapis.com/auth/admin.directory.orgunit.readonly': 'View organization units on your domain',
  'https://www.googleapis.com/auth/admin.directory.group.readonly': 'View groups on your domain',
  'https://www.googleapis.com/auth/admin.directory.group.member.readonly': 'View group subscriptions on your domain',
  'https://www.googleapis.com/auth/admin.directory.customer.readonly': 'View customer related information',
  'https://www.googleapis.com/auth/gmail.send': 'Send email on your behalf',
  'https://www.googleapis.com/auth/gmail.settings.basic':
    'See, edit, create or change your email settings and filters in Gmail',
  'https://www.googleapis.com/auth/directory.readonly': 'See and download your organization’s directory',
  'https://www.googleapis.com/auth/contacts.readonly': 'See and download your contacts',
};

/** Splits, removes doubles and gives `email` and `profile` their long names, as token answers do. */
export function normalizeScopes(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/\s+/)
        .filter(Boolean)
        .map((scope) => aliases[scope] ?? scope),
    ),
  ];
}

/** The `scope` of a callback carries the short names besides the long ones. */
export function callbackScopes(scopes: readonly string[]): string {
  const short = Object.entries(aliases).filter(([, long]) => scopes.includes(long));
  return [...short.map(([name]) => name), ...scopes].join(' ');
}

/** Sign-in scopes cannot be unticked on the consent page. */
export function isSignInScope(scope: string): boolean {
  return signInScopes.has(scope);
}

export function isMailScope(scope: string): boolean {
  return scope === 'https://mail.google.com/' || scope.startsWith('https://www.googleapis.com/auth/gmail.');
}

export function describeScope(scope: string): string {
  return descriptions[scope] ?? scope;
}
