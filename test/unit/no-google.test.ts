import https from 'node:https';
import tls from 'node:tls';
import { admin } from '@googleapis/admin';
import { describe, expect, test } from '@jest/globals';

const refusal = 'tests never contact a real Google host';

/** Errors of fetch are made outside of the test's realm, where `instanceof Error` does not know them. */
const messagesOf = (error: unknown): string => {
  const { message = '', cause } = (error ?? {}) as { message?: string; cause?: unknown };
  return cause ? `${message} ${messagesOf(cause)}` : message;
};

describe('a socket to a real Google host is refused', () => {
  test('through fetch', async () => {
    const error = await fetch('https://oauth2.googleapis.com/token').catch((thrown: unknown) => thrown);
    expect(messagesOf(error)).toContain(refusal);
  });

  test('through https and tls', () => {
    expect(() => tls.connect({ host: 'accounts.google.com', port: 443 })).toThrow(refusal);
    expect(() => https.get({ host: 'www.googleapis.com', agent: false })).toThrow(refusal);
  });

  test('through Google’s own client, when it is not told of another address', async () => {
    const call = admin({ version: 'directory_v1' }).users.list({ customer: 'my_customer' }, { retry: false });
    const error = await call.catch((thrown: unknown) => thrown);
    expect(messagesOf(error)).toContain(refusal);
  });
});
