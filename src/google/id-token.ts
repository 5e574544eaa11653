import type { OAuth2Client } from 'google-auth-library';
import { z } from 'zod';
import { googleError, toAppError } from './errors.ts';

/** Unknown keys make us fetch the certificates anew, yet not more often than this. */
const CERTIFICATES_REFETCH_MS = 60_000;

export interface VerifyIdToken {
  readonly idToken: string;
  /** Who it must be issued for. */
  readonly clientId: string;
  readonly nonce: string;
  /** The company it must come from; left out, any company will do, though never a consumer account. */
  readonly hostedDomain?: string | undefined;
}

/** A person of a Google Workspace or Cloud Identity account, as Google vouches for it. */
export interface GoogleIdentity {
  /** Equal to the `id` of the Directory API; never changes. */
  readonly googleId: string;
  readonly email: string;
  readonly hostedDomain: string;
  readonly name: string | undefined;
}

const claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().min(3).max(320),
  email_verified: z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]),
  nonce: z.string().min(1),
  hd: z.string().min(1).max(255).optional(),
  name: z.string().optional(),
});

const keyIdOf = (idToken: string): string | undefined => {
  try {
    const header = JSON.parse(Buffer.from(idToken.split('.')[0] ?? '', 'base64url').toString('utf8')) as unknown;
    return z.object({ kid: z.string(), alg: z.literal('RS256') }).parse(header).kid;
  } catch {
    return undefined;
  }
};

/**
 * Checks signature, issuer, audience and times by google-auth-library, and what it leaves out: nonce, verified e-mail
 * and the hosted domain. Certificates are kept as long as Google says.
 */
export const createIdTokenVerifier = (openClient: () => OAuth2Client, issuers: readonly string[]) => {
  let client = openClient();
  let openedAt = 0;

  const fetchCertificates = async (keyId: string) => {
    const { certs } = await client.getFederatedSignonCertsAsync();
    if (Object.hasOwn(certs, keyId) || Date.now() - openedAt < CERTIFICATES_REFETCH_MS) return certs;
    client = openClient();
    openedAt = Date.now();
    return (await client.getFederatedSignonCertsAsync()).certs;
  };

  return async ({ idToken, clientId, nonce, hostedDomain }: VerifyIdToken): Promise<GoogleIdentity> => {
    const keyId = keyIdOf(idToken);
    if (!keyId) throw googleError('GOOGLE_IDENTITY_INVALID');
    const certificates = await fetchCertificates(keyId).catch((error: unknown) => {
      throw toAppError(error);
    });
    const payload = await client
      .verifySignedJwtWithCertsAsync(idToken, certificates, clientId, [...issuers])
      .then((ticket) => ticket.getPayload())
      // The library's messages hold the whole token, so none of them goes further.
      .catch(() => undefined);
    const parsed = claims.safeParse(payload);
    if (!parsed.success || parsed.data.nonce !== nonce || !parsed.data.email_verified)
      throw googleError('GOOGLE_IDENTITY_INVALID');
    const { sub, email, hd, name } = parsed.data;
    if (!hd) throw googleError('GOOGLE_CONSUMER_ACCOUNT');
    if (hostedDomain !== undefined && hd.toLowerCase() !== hostedDomain.toLowerCase()) {
      throw googleError('GOOGLE_OTHER_COMPANY');
    }
    return { googleId: sub, email, hostedDomain: hd.toLowerCase(), name };
  };
};
