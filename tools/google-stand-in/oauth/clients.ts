/** One OAuth client of a Google Cloud project. */
export type OAuthClient = {
  clientId: string;
  clientSecret: string;
  name: string;
  redirectUris: string[];
  /** Clients of one project share what a user granted, when asked with `include_granted_scopes`. */
  projectId: string;
  userType: 'internal' | 'external';
  publishingStatus: 'testing' | 'production';
  /** Primary domain of the company that owns the project; an internal client admits only its users. */
  ownerDomain: string;
  /** Who may consent while an external client is in testing. */
  testUsers: string[];
  state: 'active' | 'deleted';
};

export type NewOAuthClient = Pick<OAuthClient, 'redirectUris' | 'ownerDomain'> &
  Partial<Omit<OAuthClient, 'redirectUris' | 'ownerDomain' | 'state'>>;

const privateTlds = new Set(['local', 'localdomain', 'lan', 'internal', 'intranet', 'home', 'corp', 'private', 'arpa']);

/**
 * Why Google's console would refuse this redirect URI, or undefined when it would take it. Its check of the public suffix
 * list is approximated by the names that private networks use.
 * Source: "Redirect URI validation rules" in Google's guide for web server applications.
 */
export function redirectUriProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return 'Invalid Redirect: must be a valid URL.';
  const uri = new URL(text);
  const host = uri.hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
  if (uri.protocol !== 'https:' && !(uri.protocol === 'http:' && loopback)) return 'Invalid Redirect: must use HTTPS.';
  if (uri.username || uri.password) return 'Invalid Redirect: must not contain user information.';
  if (text.includes('#')) return 'Invalid Redirect: must not contain a fragment.';
  if (text.includes('*')) return 'Invalid Redirect: must not contain a wildcard.';
  if (/[^\x21-\x7e]/.test(text) || /%(?![0-9a-f]{2})/i.test(text) || /%00/.test(text))
    return 'Invalid Redirect: must not contain invalid characters.';
  if (/[/\\](\.|%2e){2}/i.test(text.replace(uri.origin, '')))
    return 'Invalid Redirect: must not contain a path traversal.';
  if (loopback) return undefined;
  if (/^[\d.]+$/.test(host) || host.includes(':')) return 'Invalid Redirect: must not be a raw IP address.';
  const tld = host.slice(host.lastIndexOf('.') + 1);
  if (!host.includes('.') || privateTlds.has(tld))
    return 'Invalid Redirect: must end with a public top-level domain (such as .com or .org).';
  if (host === 'googleusercontent.com' || host.endsWith('.googleusercontent.com'))
    return 'Invalid Redirect: must not be googleusercontent.com.';
  return undefined;
}
