import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { createPayloadCodec } from '../../../src/temporal/payload-codec.ts';

const key = (id: string) => ({ id, key: randomBytes(32) });
const payload = defaultPayloadConverter.toPayload({ tenantId: 't-1', word: 'canary' });
const textOf = (data: Uint8Array | null | undefined) => Buffer.from(data ?? []).toString('latin1');

describe('what Temporal stores', () => {
  test('does not show what it holds, and comes back whole', async () => {
    const codec = createPayloadCodec([key('a')]);
    const [sealed] = await codec.encode([payload]);
    expect(textOf(sealed?.data)).not.toContain('canary');
    const [opened] = sealed ? await codec.decode([sealed]) : [];
    expect(opened && defaultPayloadConverter.fromPayload(opened)).toEqual({ tenantId: 't-1', word: 'canary' });
  });

  test('is still read after a new key was put first', async () => {
    const old = key('old');
    const [sealed] = await createPayloadCodec([old]).encode([payload]);
    if (!sealed) throw new Error('nothing was sealed');
    await expect(createPayloadCodec([key('new'), old]).decode([sealed])).resolves.toHaveLength(1);
    await expect(createPayloadCodec([key('new')]).decode([sealed])).rejects.toThrow();
  });

  test('is refused when it is not encrypted', async () => {
    await expect(createPayloadCodec([key('a')]).decode([payload])).rejects.toMatchObject({
      details: ['An unencrypted payload was refused.'],
    });
  });

  test('is refused when one bit was changed', async () => {
    const codec = createPayloadCodec([key('a')]);
    const [sealed] = await codec.encode([payload]);
    const data = Uint8Array.from(sealed?.data ?? []);
    data[20] = (data[20] ?? 0) ^ 1;
    await expect(codec.decode([{ ...sealed, data }])).rejects.toThrow();
  });
});
