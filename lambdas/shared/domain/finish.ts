import type { Draft, EndEvent, Outline } from '../contracts/log-events.ts';
import { isEnd } from '../contracts/log-events.ts';
import { ChatError } from './errors.ts';
import { append, type Log, type Placed } from './log.ts';
import type { Markers } from './markers.ts';
import { pending } from './pending.ts';
import { findQuestion } from './requests.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { keepTail } from './tail.ts';

export interface FinishPorts {
  readonly sessions: Sessions;
  readonly markers: Markers;
  readonly log: Log;
  /** Asks the supervisor to start what is next. */
  readonly advance: (sessionId: string) => Promise<void>;
}

/** An end with its place in the log, and whether its session's sockets may still lack it. */
export interface Finished extends Placed<EndEvent> {
  readonly undelivered: boolean;
  /** The session as it was before the end was stored. */
  readonly seen: Session;
}

/**
 * Puts an end into its session's log, once. Errors: `not_found` for a session that never was; a record that names a
 * request which the log does not have is `invalid_request`. A deleted session gives undefined: there is nothing to do.
 */
export async function storeEnd(
  ports: FinishPorts,
  sessionId: string,
  draft: Draft<EndEvent>,
): Promise<Finished | undefined> {
  const session = await ports.sessions.get(sessionId);
  if (!session) {
    if (await ports.sessions.wasDeleted(sessionId)) return undefined;
    throw new ChatError('not_found', 'There is no such session.');
  }
  const { from, isSame, end } = await place(ports, session, draft);
  const placed = await append(ports.log, sessionId, end, from, isSame);
  await keepTail(ports.sessions, sessionId, from, placed);
  // No run tells whether one that answers nothing was pushed: where it is delivered again, it is pushed again.
  const undelivered = placed.appended || end.ends === undefined || session.run?.seq === end.ends;
  return { event: placed.event as EndEvent, appended: placed.appended, undelivered, seen: session };
}

interface Place {
  readonly from: number;
  readonly isSame: (event: Outline) => boolean;
  readonly end: Draft<EndEvent>;
}

async function place(ports: FinishPorts, session: Session, draft: Draft<EndEvent>): Promise<Place> {
  const ends = draft.ends ?? (await requestOf(ports, session, draft.in_reply_to));
  if (ends === undefined) {
    const { message_id } = draft;
    const marker = await ports.markers.claim(session.session_id, { message_id, from: session.tail, digest: 'end' });
    return { from: marker.from, isSame: (event) => isEnd(event) && event.message_id === message_id, end: draft };
  }
  // The run's claim moved `tail` to its request. A number beyond it was made up, and would tear a hole into the log.
  if (ends > session.tail) throw new ChatError('invalid_request', 'The response ends a request that does not exist.');
  return { from: ends, isSame: (event) => isEnd(event) && event.ends === ends, end: { ...draft, ends } };
}

/** Finds the request that a foreign response answers by its message id alone. */
async function requestOf(
  ports: FinishPorts,
  session: Session,
  inReplyTo: string | undefined,
): Promise<number | undefined> {
  if (inReplyTo === undefined) return undefined;
  const request = await findQuestion(ports, session.session_id, inReplyTo);
  return request && request.seq <= session.tail ? request.seq : undefined;
}

/**
 * True when the run that ends is about the only request that may be open. At `calm` all requests had ended and none was on
 * its way into the log; one acceptance was counted since, and every request is counted before it is in the log, so it is
 * this run's. It takes a session whose questions never overlapped; others go the longer way.
 */
function isLastOpen({ run, accepts, calm = 0 }: Session, end: EndEvent): boolean {
  return run !== undefined && run.seq === end.ends && accepts - calm === 1;
}

/**
 * Releases the session after an end was stored, and has what is next started. `seen` is the session as it was before.
 * Gives false when the session was deleted meanwhile, so that the caller removes what it wrote.
 */
export async function releaseAfter(
  ports: FinishPorts,
  sessionId: string,
  end: EndEvent,
  seen: Session,
): Promise<boolean> {
  const { ends, seq } = end;
  // The usual case, in one write instead of two and a look into the log.
  const isLast = ends !== undefined && isLastOpen(seen, end);
  if (isLast && (await ports.sessions.releaseLast(sessionId, ends, seq, seen.accepts))) return true;
  const released =
    ends === undefined
      ? { session: await ports.sessions.get(sessionId) }
      : await ports.sessions.release(sessionId, ends, seq);
  const { session } = released;
  if (!session) return false;
  if (session.run) return true;
  const queue = await pending(ports.log, sessionId, session.done_seq);
  if (queue.waiting.length > 0) await ports.advance(sessionId);
  else if (!(await ports.sessions.settle(session))) await ports.advance(sessionId);
  return true;
}
