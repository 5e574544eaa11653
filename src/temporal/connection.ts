import { Client, Connection } from '@temporalio/client';
import type { TLSConfig } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { EncryptionKey, ProcessConfig, TemporalConfig } from '../config.ts';
import { createDataConverter } from './data-converter.ts';

export interface TemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** What both kinds of connection (client, worker) are opened with. */
export const connectionOptions = (temporal: ProcessConfig['temporal']) => ({
  address: temporal.address,
  ...(temporal.apiKey && { apiKey: temporal.apiKey }),
  ...(temporal.tls && { tls: tlsOptions(temporal.tls) }),
});

const tlsOptions = (tls: NonNullable<TemporalConfig['tls']>): TLSConfig => ({
  ...(tls.ca && { serverRootCACertificate: Buffer.from(tls.ca) }),
  ...(tls.serverName && { serverNameOverride: tls.serverName }),
  ...(tls.cert && tls.key && { clientCertPair: { crt: Buffer.from(tls.cert), key: Buffer.from(tls.key) } }),
});

/**
 * A client that encrypts what it sends. It connects on first use and again after an outage, so the API starts and
 * stays up while Temporal is down.
 */
export const createTemporalClient = (
  temporal: ProcessConfig['temporal'],
  keys: readonly EncryptionKey[],
): TemporalClient => {
  const connection = Connection.lazy({ ...connectionOptions(temporal), connectTimeout: '5s' });
  const client = new Client({ connection, namespace: temporal.namespace, dataConverter: createDataConverter(keys) });
  return { client, close: () => connection.close() };
};
