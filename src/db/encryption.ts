import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { EncryptionKey } from '../config.ts';

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Where a secret lives. It is part of what is authenticated, so a value copied to another row does not open there. */
export interface SecretPlace {
  readonly tenantId: string;
  readonly table: string;
  readonly rowId: string;
  readonly column: string;
}

export interface Secrets {
  seal(plaintext: string, place: SecretPlace): string;
  /** @throws Error when the key is unknown, the text was altered, or it was sealed for another place */
  open(sealed: string, place: SecretPlace): string;
  /** The id of the key a value was sealed with. */
  keyIdOf(sealed: string): string;
  readonly currentKeyId: string;
}

const associatedData = ({ tenantId, table, rowId, column }: SecretPlace): Buffer =>
  Buffer.from([tenantId, table, rowId, column].join('\u0000'), 'utf8');

/**
 * AES-256-GCM for single columns: `v1.<key id>.<base64url of iv ‖ ciphertext ‖ tag>`.
 * The first key seals, every key opens.
 */
export const createSecrets = (keys: readonly EncryptionKey[]): Secrets => {
  const [current] = keys;
  if (!current) throw new Error('At least one encryption key is needed.');
  const byId = new Map(keys.map(({ id, key }) => [id, deriveKey(key, 'columns')]));
  const keyNamed = (id: string): Buffer => {
    const key = byId.get(id);
    if (!key) throw new Error(`A secret was sealed with the key "${id}", which ENCRYPTION_KEYS does not hold.`);
    return key;
  };
  const parse = (sealed: string): { keyId: string; bytes: Buffer } => {
    const [version, keyId, body] = sealed.split('.');
    if (version !== VERSION || !keyId || !body) throw new Error('A stored secret is not in the sealed form.');
    return { keyId, bytes: Buffer.from(body, 'base64url') };
  };
  return {
    currentKeyId: current.id,
    seal(plaintext, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyNamed(current.id), iv);
      cipher.setAAD(associatedData(place));
      const body = Buffer.concat([iv, cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${current.id}.${body.toString('base64url')}`;
    },
    open(sealed, place) {
      const { keyId, bytes } = parse(sealed);
      const decipher = createDecipheriv('aes-256-gcm', keyNamed(keyId), bytes.subarray(0, IV_BYTES));
      decipher.setAAD(associatedData(place));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    },
    keyIdOf: (sealed) => parse(sealed).keyId,
  };
};

/** One purpose, one key: columns and workflow payloads never share one. */
export const deriveKey = (key: Buffer, purpose: 'columns' | 'payloads'): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `pbx-google-workspace/${purpose}`, 32));
