import { z } from 'zod';
import type { Orm } from '../db/orm.ts';
import { AppError } from '../errors.ts';
import { verifyPassword } from '../tenants/index.ts';
import type { GuessLimit } from './guess-limit.ts';
import type { PortalSessions } from './portal-sessions.ts';
import { findCredential } from './session-queries.ts';

export const passwordSignInSchema = z.object({
  email: z.string().trim().min(1, 'Give your e-mail address.').max(254, 'Use at most 254 characters.'),
  password: z.string().min(1, 'Give your password.').max(1024, 'Use at most 1024 characters.'),
  domain: z
    .string()
    .trim()
    .max(253, 'Use at most 253 characters.')
    .optional()
    .transform((domain) => domain || undefined),
});

export type PasswordSignInInput = z.output<typeof passwordSignInSchema>;

export interface Browser {
  readonly ip: string;
  readonly userAgent: string;
  readonly previousToken: string | undefined;
}

export interface PasswordSignInDependencies {
  readonly orm: Orm;
  readonly sessions: PortalSessions;
  readonly guessLimit: GuessLimit;
}

const WRONG = 'The e-mail address or the password is wrong.';
const WRONG_WITHOUT_DOMAIN = `${WRONG} If you administer one tenant, give its SIP domain too.`;

/**
 * Signs an administrator in: of the tenant with that SIP domain, or of the system without one. Unknown accounts and
 * unknown domains take as long as, and read like, a wrong password.
 *
 * @returns the token for the session cookie
 * @throws AppError SIGN_IN_FAILED, TOO_MANY_ATTEMPTS
 */
export const createPasswordSignIn =
  ({ orm, sessions, guessLimit }: PasswordSignInDependencies) =>
  async ({ email, password, domain }: PasswordSignInInput, browser: Browser): Promise<string> => {
    const guess = { account: `${domain?.toLowerCase() ?? ''}\n${email.toLowerCase()}`, ip: browser.ip };
    await guessLimit.count(guess);
    const credential = await findCredential(orm.em.fork(), { email, sipDomain: domain });
    const verified = await verifyPassword(password, credential?.password_hash);
    if (!verified || !credential) throw new AppError('SIGN_IN_FAILED', domain ? WRONG : WRONG_WITHOUT_DOMAIN);
    await guessLimit.forget(guess);
    return sessions.begin({
      administrator: {
        id: credential.id,
        tenantId: credential.tenant_id,
        email: credential.email,
        displayName: credential.display_name,
      },
      ...browser,
    });
  };

export type PasswordSignIn = ReturnType<typeof createPasswordSignIn>;
