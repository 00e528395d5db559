import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

/** TCP ports on which this process listens, for sockets opened by native code that does not tell. */
export async function listeningPorts(): Promise<ReadonlySet<number>> {
  return process.platform === 'linux' ? fromProc() : fromLsof();
}

/** /proc lists all sockets of the network namespace by inode; the process's own inodes are its open files. */
async function fromProc(): Promise<ReadonlySet<number>> {
  const files = await readdir('/proc/self/fd');
  const links = await Promise.all(files.map((file) => readlink(`/proc/self/fd/${file}`).catch(() => '')));
  const own = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const ports = new Set<number>();
  for (const line of (await readFile('/proc/self/net/tcp', 'utf8')).split('\n').slice(1)) {
    const [, address, , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === '0A' && address && own.has(inode)) ports.add(Number.parseInt(address.slice(-4), 16));
  }
  return ports;
}

/** macOS has lsof; Windows has no embedded broker (the native package knows Linux and macOS only). */
async function fromLsof(): Promise<ReadonlySet<number>> {
  const query = ['-nP', '-a', '-p', String(process.pid), '-iTCP', '-sTCP:LISTEN', '-Fn'];
  const { stdout } = await promisify(execFile)('lsof', query);
  return new Set([...stdout.matchAll(/^n.*:(\d+)$/gm)].map(([, port]) => Number(port)));
}
