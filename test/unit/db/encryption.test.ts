import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createSecrets } from '../../../src/db/encryption.ts';

const place = { tenantId: 't1', table: 'integrations', rowId: 'r1', column: 'client_secret' };
const key = (id: string) => ({ id, key: randomBytes(32) });

describe('a sealed column', () => {
  test('opens where it was sealed and holds no trace of the secret', () => {
    const secrets = createSecrets([key('a')]);
    const sealed = secrets.seal('s3cret', place);
    expect(sealed).not.toContain('s3cret');
    expect(secrets.open(sealed, place)).toBe('s3cret');
  });

  test.each([
    ['tenant', { tenantId: 't2' }],
    ['table', { table: 'grants' }],
    ['row', { rowId: 'r2' }],
    ['column', { column: 'client_id' }],
  ])('does not open in another %s', (_, elsewhere) => {
    const secrets = createSecrets([key('a')]);
    const sealed = secrets.seal('s3cret', place);
    expect(() => secrets.open(sealed, { ...place, ...elsewhere })).toThrow();
  });

  test('opens with an older key while that key is still listed, and says which key it needs when not', () => {
    const old = key('old');
    const sealed = createSecrets([old]).seal('s3cret', place);
    expect(createSecrets([key('new'), old]).open(sealed, place)).toBe('s3cret');
    expect(() => createSecrets([key('new')]).open(sealed, place)).toThrow('"old"');
  });
});
