import net from 'node:net';

/** A port that nothing listens on at this moment; `wanted` when that one is free. */
export async function freePort(host: string, wanted?: number): Promise<number> {
  if (wanted !== undefined) {
    const port = await tryPort(host, wanted).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return tryPort(host, 0);
}

/** Whether something accepts connections there. */
export function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    socket.setTimeout(1_000, () => socket.destroy(new Error('timed out')));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function tryPort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address() as net.AddressInfo;
      server.close(() => resolve(address.port));
    });
  });
}
