import path from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { EncryptionKey } from '../config.ts';
import { createPayloadCodec } from './payload-codec.ts';

export const FAILURE_CONVERTER_PATH = path.join(import.meta.dirname, 'failure-converter.cjs');

/** How everything crosses into Temporal: encrypted payloads, encrypted failures. Client and worker must share it. */
export const createDataConverter = (keys: readonly EncryptionKey[]): DataConverter => ({
  payloadCodecs: [createPayloadCodec(keys)],
  failureConverterPath: FAILURE_CONVERTER_PATH,
});
