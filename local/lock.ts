import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Lock {
  release(): void;
}

/**
 * A lock between processes by name; undefined when another one holds it. It is a local socket, which the operating
 * system closes when its owner dies, kill -9 included: nothing is left behind to be cleaned up.
 */
export async function acquireLock(name: string): Promise<Lock | undefined> {
  const address = addressOf(name);
  const server = createServer((socket) => socket.destroy()).unref();
  if (await listens(server, address)) return { release: () => server.close() };
  // On Linux the name is free the moment its owner dies; elsewhere a file may be left over from a dead one.
  if (process.platform === 'linux' || (await answers(address))) return undefined;
  if (process.platform !== 'win32') rmSync(address, { force: true });
  return (await listens(server, address)) ? { release: () => server.close() } : undefined;
}

function addressOf(name: string): string {
  const id = `offline-runtime-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${id}`;
  return process.platform === 'win32' ? `\\\\?\\pipe\\${id}` : join(tmpdir(), `${id}.sock`);
}

function listens(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(address, () => resolve(true));
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address, () => resolve(true));
    socket.on('error', () => resolve(false)).unref();
  });
}
