import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartupError } from '../startup-error.ts';

/** Listens on `host`, and answers the port: the one asked for, or a free one for 0. Rejects with the system's error. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * Listens for `localhost`: on both loopback addresses, for a browser may try either, and where there is no IPv6 on the one.
 * Throws StartupError naming PORT.
 */
export async function listenOnLocalhost(ipv4: Server, ipv6: Server, port: number): Promise<number> {
  try {
    const chosen = await listen(ipv4, port, '127.0.0.1');
    await listen(ipv6, chosen, '::1').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && port !== 0) throw error;
    });
    return chosen;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'is in use' : code === 'EACCES' ? 'may not be used' : `cannot be used (${message})`;
    throw new StartupError('PORT', `Port ${port} ${reason}: set PORT to another one`, { cause });
  }
}

/** Throws StartupError now rather than after the building. */
export async function checkPort(port: number): Promise<void> {
  const servers = [createServer(), createServer()] as const;
  await listenOnLocalhost(...servers, port);
  for (const server of servers) server.close();
}
