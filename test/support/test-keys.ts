import type { EncryptionKey } from '../../src/config.ts';

/** The key of every test's payloads. It is fixed, so that recorded histories can be read; it protects nothing. */
export const TEST_KEYS: readonly EncryptionKey[] = [{ id: 'test', key: Buffer.alloc(32, 'no secret at all ') }];
