import { createHash } from 'node:crypto';

/** Draws that depend on nothing but the seed text. */
export type Draws = {
  next(): number;
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
  chance(share: number): boolean;
};

/** A small generator (xorshift over 32 bits) started from a hash of the seed. */
export function createDraws(seed: string): Draws {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0) || 1;
  const draws: Draws = {
    next() {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 2 ** 32;
    },
    below: (limit) => Math.floor(draws.next() * limit),
    pick: (items) => items[draws.below(items.length)] as (typeof items)[number],
    chance: (share) => draws.next() < share,
  };
  return draws;
}

/** A Google id: 21 digits that begin with 1. */
export function idFrom(text: string): string {
  const hash = createHash('sha256').update(text).digest();
  return `1${String(hash.readBigUInt64BE(0) % 10n ** 10n).padStart(10, '0')}${String(hash.readBigUInt64BE(8) % 10n ** 10n).padStart(10, '0')}`;
}
