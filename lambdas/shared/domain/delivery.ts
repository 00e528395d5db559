import type { ServerFrame } from '../contracts/server-frames.ts';
import type { Connections } from './connections.ts';
import { encodeFrame } from './frames.ts';

/** Posting to one socket. `gone`: it is closed for good. `failed`: it may live, but did not take this. */
export interface Sockets {
  post(connectionId: string, data: string): Promise<'sent' | 'gone' | 'failed'>;
  close(connectionId: string): Promise<void>;
}

export interface DeliveryPorts {
  readonly connections: Connections;
  readonly sockets: Sockets;
}

/**
 * Milliseconds after which a socket that is not through with its frames is left to its client. One push has a limit of its
 * own, but a long event has a hundred parts, and others' records wait behind the batch that it is part of.
 */
const patienceMs = 8_000;

/** How many sockets took everything, and how many did not. */
export interface Delivered {
  readonly sent: number;
  readonly gone: number;
  readonly failed: number;
}

/**
 * Pushes frames to all sockets of a session, in order on each, side by side over the sockets. A dead socket is removed
 * and nothing else; one that did not take a frame is left to its client's next `resume`.
 */
export async function deliver(
  ports: DeliveryPorts,
  sessionId: string,
  frames: readonly ServerFrame[],
): Promise<Delivered> {
  const connections = await ports.connections.list(sessionId);
  const data = frames.flatMap((frame) => encodeFrame(frame));
  const outcomes = await Promise.all(connections.map((id) => postAll(ports, sessionId, id, data)));
  const count = (outcome: string) => outcomes.filter((other) => other === outcome).length;
  return { sent: count('sent'), gone: count('gone'), failed: count('failed') };
}

/** Pushes encoded frames to one socket, in order, until it does not take one, or takes them too slowly. */
export async function postAll(
  ports: DeliveryPorts,
  sessionId: string,
  connectionId: string,
  data: readonly string[],
): Promise<'sent' | 'gone' | 'failed'> {
  const until = Date.now() + patienceMs;
  for (const item of data) {
    if (Date.now() > until) return 'failed';
    const outcome = await ports.sockets.post(connectionId, item);
    if (outcome === 'gone') await ports.connections.removeGone({ connection_id: connectionId, session_id: sessionId });
    if (outcome !== 'sent') return outcome;
  }
  return 'sent';
}
