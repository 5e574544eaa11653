import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';

/** OWASP's minimum for Argon2id: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const PASSWORD_MIN_LENGTH = 12;
const PASSWORD_MAX_LENGTH = 256;

export const passwordSchema = z
  .string()
  .min(PASSWORD_MIN_LENGTH, `Use at least ${PASSWORD_MIN_LENGTH} characters. A few random words do well.`)
  .max(PASSWORD_MAX_LENGTH, `Use at most ${PASSWORD_MAX_LENGTH} characters.`);

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), ARGON2ID);

let hashOfNobody: Promise<string> | undefined;

/**
 * Compares a password with a stored hash. Without a hash (nobody has that name) it spends the same time and says no,
 * so that the answer's delay tells nothing.
 */
export const verifyPassword = async (password: string, stored: string | undefined): Promise<boolean> => {
  hashOfNobody ??= hashPassword(crypto.randomUUID());
  const matches = await verify(stored ?? (await hashOfNobody), password.normalize('NFKC'));
  return matches && stored !== undefined;
};
