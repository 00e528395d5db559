import type { Connections } from './connections.ts';
import type { Memory } from './memory.ts';
import type { Sessions } from './sessions.ts';

export interface DeletionPorts {
  readonly sessions: Sessions;
  readonly memory: Memory;
  readonly connections: Connections;
  /** Removes everything in a session's partition but the session's own item. */
  readonly clearLog: (sessionId: string) => Promise<void>;
}

/** Longer than any function may run: what was under way at a deletion has ended by then. */
export const graceMs = 16 * 60_000;

/**
 * Deletes a session: first the mailbox, so that nothing new begins, then everything in it. What a function that was
 * under way writes after that is removed by the sweep, once `graceMs` have passed. False when there is no such session.
 */
export async function deleteSession(ports: DeletionPorts, sessionId: string, now: number): Promise<boolean> {
  if (!(await ports.sessions.bury(sessionId, new Date(now + graceMs)))) return false;
  await purge(ports, sessionId);
  return true;
}

/** Removes what a deleted session has left, or what was written after its deletion. */
export async function purge(ports: Pick<DeletionPorts, 'memory' | 'clearLog'>, sessionId: string): Promise<void> {
  await Promise.all([ports.clearLog(sessionId), ports.memory.clear(sessionId)]);
}
