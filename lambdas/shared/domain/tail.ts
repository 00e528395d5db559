import type { Placed } from './log.ts';
import type { Sessions } from './sessions.ts';

/** Events that an append may walk past, at one page of the log. */
const shortWalk = 64;

/**
 * Notes how far the log has come after an append that had a long way. Runs move `tail` by themselves; in a session whose
 * queue is long, or that only foreign producers answer into, each append would walk past all that came before.
 */
export async function keepTail(sessions: Sessions, sessionId: string, from: number, placed: Placed): Promise<void> {
  if (placed.appended && placed.event.seq - from > shortWalk) await sessions.reach(sessionId, placed.event.seq);
}
