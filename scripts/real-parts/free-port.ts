import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux (32768-60999), macOS and Windows (49152-65535) give to outgoing connections and to port 0. */
const lowest = 20_000;
const highest = 32_000;

/**
 * A loopback port that nobody listens on now, for servers that cannot be told to take any, or must keep theirs over a
 * restart. It lies where no system takes one by itself, so that it is still free when its server starts, and again later.
 */
export async function freePort(): Promise<number> {
  while (true) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
