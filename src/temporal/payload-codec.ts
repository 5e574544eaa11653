import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createPayloadValidationError, type Payload, type PayloadCodec } from '@temporalio/common';
import type { EncryptionKey } from '../config.ts';
import { deriveKey } from '../db/encryption.ts';

const ENCODING = 'binary/encrypted';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const metadataText = (payload: Payload, name: string): string | undefined => {
  const value = payload.metadata?.[name];
  return value ? Buffer.from(value).toString('utf8') : undefined;
};

/** A payload as plain bytes, so that its metadata is encrypted along with its data. */
const serialise = (payload: Payload): Buffer =>
  Buffer.from(
    JSON.stringify({
      metadata: Object.fromEntries(
        Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
      ),
      data: Buffer.from(payload.data ?? []).toString('base64'),
    }),
  );

const deserialise = (bytes: Buffer): Payload => {
  const { metadata, data } = JSON.parse(bytes.toString('utf8')) as { metadata: Record<string, string>; data: string };
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))]),
    ),
    data: new Uint8Array(Buffer.from(data, 'base64')),
  };
};

/**
 * AES-256-GCM around every payload that Temporal stores. The first key encrypts, every key decrypts. A payload that
 * arrives unencrypted is refused: whoever can write to Temporal but does not hold a key can start nothing here.
 */
export const createPayloadCodec = (keys: readonly EncryptionKey[]): PayloadCodec => {
  const [current] = keys;
  if (!current) throw new Error('At least one encryption key is needed.');
  const byId = new Map(keys.map(({ id, key }) => [id, deriveKey(key, 'payloads')]));
  const currentKey = deriveKey(current.key, 'payloads');

  const encrypt = (payload: Payload): Payload => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', currentKey, iv);
    cipher.setAAD(utf8(current.id));
    const data = Buffer.concat([iv, cipher.update(serialise(payload)), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { encoding: utf8(ENCODING), 'key-id': utf8(current.id) }, data: new Uint8Array(data) };
  };

  const decrypt = (payload: Payload): Payload => {
    if (metadataText(payload, 'encoding') !== ENCODING) {
      throw createPayloadValidationError('An unencrypted payload was refused.');
    }
    const keyId = metadataText(payload, 'key-id') ?? '';
    const key = byId.get(keyId);
    if (!key)
      throw createPayloadValidationError(`A payload needs the key "${keyId}", which ENCRYPTION_KEYS does not hold.`);
    const bytes = Buffer.from(payload.data ?? []);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
    decipher.setAAD(utf8(keyId));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return deserialise(Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]));
  };

  return {
    encode: async (payloads) => payloads.map(encrypt),
    decode: async (payloads) => payloads.map(decrypt),
  };
};
