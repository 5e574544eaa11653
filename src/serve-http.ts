import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';

export interface HttpServer {
  readonly port: number;
  /** Takes no more connections, lets running requests finish for a while, then cuts what is left (such as live streams). */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly fetch: (request: Request, env: never) => Response | Promise<Response>;
  readonly port: number;
  readonly host: string;
  /** How long running requests may take once a stop is asked for. */
  readonly graceMs: number;
}

/** Opens the port; rejects when it is taken. */
export const serveHttp = async ({ fetch, port, host, graceMs }: HttpServerOptions): Promise<HttpServer> => {
  const server = serve({ fetch: fetch as never, port, hostname: host });
  if (!server.listening) await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      const cut = setTimeout(() => {
        if ('closeAllConnections' in server) server.closeAllConnections();
      }, graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
};
