import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { selfSignedCertificate } from './certificate.ts';

type SigningKey = { kid: string; privateKey: KeyObject; jwk: Record<string, unknown>; pem: string };

const dayMs = 24 * 3_600_000;

/** The RSA keys that sign ID tokens: the newest signs, older ones stay published until they are dropped. */
export function createSigningKeys(clock: Clock) {
  let keys = [createKey(clock)];

  return {
    jwks: () => ({ keys: keys.map(({ jwk }) => jwk) }),
    pems: () => Object.fromEntries(keys.map(({ kid, pem }) => [kid, pem])),
    sign(claims: Record<string, unknown>): string {
      const [{ kid, privateKey }] = keys as [SigningKey, ...SigningKey[]];
      const head = encode({ alg: 'RS256', kid, typ: 'JWT' });
      const body = encode(claims);
      return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url')}`;
    },
    rotate({ dropOld = false }: { dropOld?: boolean } = {}): void {
      keys = [createKey(clock), ...(dropOld ? [] : keys)];
    },
  };
}

export type SigningKeys = ReturnType<typeof createSigningKeys>;

function createKey(clock: Clock): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(20).toString('hex');
  const { n, e } = publicKey.export({ format: 'jwk' });
  const from = new Date(clock.now() - dayMs);
  const until = new Date(clock.now() + 30 * dayMs);
  return {
    kid,
    privateKey,
    jwk: { kty: 'RSA', alg: 'RS256', use: 'sig', kid, n, e },
    pem: selfSignedCertificate('google-stand-in.example', publicKey, privateKey, from, until),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
