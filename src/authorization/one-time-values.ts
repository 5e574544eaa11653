import { createHash, randomBytes } from 'node:crypto';

const RANDOM_BYTES = 32;

/** What a state was made for; Google brings it back and the callback goes by it. */
export type StateKind = 'consent' | 'sign-in';

export const randomValue = (): string => randomBytes(RANDOM_BYTES).toString('base64url');

/** Enough for what is random itself: it cannot be guessed, and it cannot be turned back. */
export const hashOf = (value: string): string => createHash('sha256').update(value, 'utf8').digest('hex');

/** RFC 7636, method S256. */
export const codeChallengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier, 'ascii').digest('base64url');

export const newState = (kind: StateKind): string => `${kind}.${randomValue()}`;

/** Undefined for a state that none of ours looks like. */
export const stateKindOf = (state: string): StateKind | undefined => {
  const kind = state.slice(0, state.indexOf('.'));
  return (kind === 'consent' || kind === 'sign-in') && /^[\w-]{43}$/.test(state.slice(kind.length + 1))
    ? kind
    : undefined;
};
