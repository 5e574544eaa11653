import { parse } from 'tldts';
import { isLoopbackUrl } from '../config.ts';
import { invalidField } from '../errors.ts';

const CALLBACK_PATH = '/google/callback';

export interface RedirectOrigins {
  readonly publicUrl: string;
  readonly sbcUrl: string | undefined;
}

/** Why Google's form would not take a redirect URI, with the fix. */
export interface RedirectUriProblem {
  readonly redirectUri: string;
  readonly message: string;
}

/** The redirect URIs as Google must have them: one for the PBX, one for its SBC. */
export const redirectUris = ({ publicUrl, sbcUrl }: RedirectOrigins): string[] => [
  ...new Set([publicUrl, ...(sbcUrl ? [sbcUrl] : [])].map((origin) => `${origin}${CALLBACK_PATH}`)),
];

/**
 * Picks one of our own redirect URIs: the one asked for, else the first. A request's Host never becomes part of one.
 *
 * @throws AppError VALIDATION_FAILED when another one is asked for
 */
export const chooseRedirectUri = (origins: RedirectOrigins, asked: string | undefined): string => {
  const own = redirectUris(origins);
  const chosen = asked === undefined ? own[0] : own.find((uri) => uri === asked);
  if (!chosen) throw invalidField('redirectUri', `Give one of ours: ${own.join(' or ')}.`);
  return chosen;
};

const problemOf = (redirectUri: string, variable: string): string | undefined => {
  if (isLoopbackUrl(redirectUri)) return undefined;
  const { isIp, isIcann, hostname, domain } = parse(redirectUri, { validateHostname: true });
  if (isIp) return `Google takes no IP address here. Give the PBX a public DNS name and set ${variable} to it.`;
  if (!isIcann || !domain) {
    return `Google takes only names under a public domain, and “${hostname ?? ''}” is not one. Set ${variable} to a name such as https://pbx.example.com; it may resolve to a private address.`;
  }
  if (domain === 'googleusercontent.com') return `Google takes no name of its own. Set ${variable} to a name of yours.`;
  if (!redirectUri.startsWith('https:')) {
    return `Google takes only https here. Give the PBX a certificate and set ${variable} to the https address.`;
  }
  return undefined;
};

/**
 * What Google's form would refuse about our redirect URIs.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation
 */
export const redirectUriProblems = (origins: RedirectOrigins): RedirectUriProblem[] =>
  redirectUris(origins).flatMap((redirectUri, index) => {
    const message = problemOf(redirectUri, index === 0 ? 'PUBLIC_URL' : 'SBC_URL');
    return message ? [{ redirectUri, message }] : [];
  });
