import { getConnInfo } from '@hono/node-server/conninfo';
import type { AppContext } from './environment.ts';

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * The peer of the connection. Only a proxy on this machine is believed about whom it speaks for, and only the entry
 * that it added itself, the last one: what stands before it came from outside.
 */
export const connectionAddress = (c: AppContext): string => {
  const peer = getConnInfo(c).remote.address ?? 'unknown';
  if (!LOOPBACK.test(peer)) return peer;
  return c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() || peer;
};
