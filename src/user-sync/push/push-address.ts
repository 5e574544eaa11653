import { parse } from 'tldts';
import { isLoopbackUrl } from '../../config.ts';

export interface PushAddress {
  readonly publicUrl: string;
  /** Google is a stand-in on this machine, which reaches what Google cannot. */
  readonly googleIsHere: boolean;
}

export const notificationUrl = ({ publicUrl }: PushAddress): string => `${publicUrl}/google/notifications`;

/** Why Google could never send to us, for an operator; undefined when it can. */
export const addressProblem = ({ publicUrl, googleIsHere }: PushAddress): string | undefined => {
  if (isLoopbackUrl(publicUrl)) {
    return googleIsHere
      ? undefined
      : 'Google cannot reach this machine under “localhost”. Set PUBLIC_URL to a public https address.';
  }
  const { isIp, isIcann, domain, hostname } = parse(publicUrl, { validateHostname: true });
  if (isIp || !isIcann || !domain) {
    return `Google cannot reach “${hostname ?? publicUrl}”. Set PUBLIC_URL to a name under a public domain.`;
  }
  if (!publicUrl.startsWith('https:')) return 'Google sends to https only. Set PUBLIC_URL to the https address.';
  return undefined;
};
