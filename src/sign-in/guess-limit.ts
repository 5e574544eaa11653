import { isIPv6 } from 'node:net';
import { CompiledQuery } from 'kysely';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Orm } from '../db/orm.ts';
import { AppError } from '../errors.ts';
import { hashOpaqueToken } from '../tenants/index.ts';
import { sweepAttempts } from './session-queries.ts';

export interface GuessLimits {
  /** Tries for one account from one address within the window. */
  readonly perAccountAndAddress: number;
  /** Tries from one address within the window, whatever the account: generous, since an office shares one. */
  readonly perAddress: number;
  readonly windowMs: number;
}

export const DEFAULT_GUESS_LIMITS: GuessLimits = {
  perAccountAndAddress: 10,
  perAddress: 100,
  windowMs: 15 * 60_000,
};

export interface Guess {
  readonly account: string;
  readonly ip: string;
}

/** One household or office gets a whole /64 of IPv6, so that is what counts as an address. */
export const networkOf = (ip: string): string => {
  if (!isIPv6(ip)) return ip;
  const [head = '', tail] = ip.split('::');
  const front = head.split(':').filter(Boolean);
  const back = tail?.split(':').filter(Boolean) ?? [];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return [...front, ...zeros, ...back].slice(0, 4).join(':');
};

const connectionOf = (orm: Orm) => ({
  async query({ text, values }: { text: string; values?: unknown[] }) {
    const { rows, numAffectedRows } = await orm.em.fork().getKysely().executeQuery(CompiledQuery.raw(text, values));
    return { rows, rowCount: Number(numAffectedRows ?? rows.length) };
  },
});

const tooMany = (waitMs: number): AppError =>
  new AppError(
    'TOO_MANY_ATTEMPTS',
    `Too many tries to sign in. Wait ${Math.max(1, Math.ceil(waitMs / 60_000))} min, then try again.`,
    { retryAfterMs: waitMs },
  );

/**
 * Slows guessing down, counted in the database so that every API process sees the same. An account is never locked
 * as such: only tries on it from the guesser's own address are refused.
 */
export const createGuessLimit = (orm: Orm, limits: GuessLimits = DEFAULT_GUESS_LIMITS) => {
  // The library's own sweep is a timer that nobody can stop; `forget` sweeps instead.
  const limiter = (keyPrefix: 'address' | 'account', points: number) =>
    new RateLimiterPostgres({
      storeClient: connectionOf(orm),
      storeType: 'client',
      tableName: 'sign_in_attempts',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix,
      points,
      duration: limits.windowMs / 1000,
    });
  const byAddress = limiter('address', limits.perAddress);
  const byAccount = limiter('account', limits.perAccountAndAddress);
  const accountKey = ({ account, ip }: Guess): string => hashOpaqueToken(`${account}\n${networkOf(ip)}`);

  return {
    /**
     * Counts a try before the password is looked at.
     *
     * @throws AppError TOO_MANY_ATTEMPTS with the time to wait
     */
    async count(guess: Guess): Promise<void> {
      try {
        await byAddress.consume(networkOf(guess.ip));
        await byAccount.consume(accountKey(guess));
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) throw tooMany(refusal.msBeforeNext);
        throw refusal;
      }
    },
    /** The right password was given: earlier misses on this account from here no longer count. Sweeps what is over. */
    async forget(guess: Guess): Promise<void> {
      await byAccount.delete(accountKey(guess));
      await sweepAttempts(orm.em.fork(), Date.now());
    },
  };
};

export type GuessLimit = ReturnType<typeof createGuessLimit>;
