import type { Draft, Outline, RegenerateEvent, UserEvent } from '../contracts/log-events.ts';
import { questionOf } from '../contracts/log-events.ts';
import { ChatError } from './errors.ts';
import { maxWaiting, queueIsFull } from './limits.ts';
import { append, eventAt, type Log, outlines, type Placed } from './log.ts';
import type { Markers } from './markers.ts';
import { pending } from './pending.ts';
import type { Sessions } from './sessions.ts';

export interface RequestPorts {
  readonly sessions: Sessions;
  readonly markers: Markers;
  readonly log: Log;
  readonly now: () => Date;
}

/** Finds a question by its message id. */
export async function findQuestion(
  ports: Pick<RequestPorts, 'markers' | 'log'>,
  sessionId: string,
  messageId: string,
): Promise<UserEvent | undefined> {
  const marker = await ports.markers.find(sessionId, messageId);
  if (!marker) return undefined;
  for await (const event of outlines(ports.log, sessionId, marker.from)) {
    if (event.type === 'user' && event.message_id === messageId) return questionAt(ports.log, sessionId, event.seq);
  }
  return undefined;
}

/** The question at a place in the log; none when its session was deleted. */
export async function questionAt(log: Log, sessionId: string, seq: number): Promise<UserEvent | undefined> {
  const event = await eventAt(log, sessionId, seq);
  return event?.type === 'user' ? event : undefined;
}

/** Asks for a new answer to a question. While one is on its way already, that one counts. Errors: `not_found`, `rate_limited`. */
export async function regenerate(ports: RequestPorts, session_id: string, message_id: string): Promise<Placed> {
  const question = await findQuestion(ports, session_id, message_id);
  if (!question) throw new ChatError('not_found', 'There is no such message.');
  const at = ports.now();
  const session = await ports.sessions.touch(session_id, at);
  if (!session) throw new ChatError('not_found', 'There is no such session.');
  const { waiting } = await pending(ports.log, session_id, session.done_seq);
  const underWay = waiting.find(({ request }) => questionOf(request) === message_id)?.request;
  const known = underWay && (await eventAt(ports.log, session_id, underWay.seq));
  if (known) return { event: known, appended: false };
  if (waiting.length >= maxWaiting) throw queueIsFull();
  const draft: Draft<RegenerateEvent> = {
    type: 'regenerate',
    in_reply_to: message_id,
    question_seq: question.seq,
    created_at: at.toISOString(),
  };
  // One that was asked for at the same moment, from another tab, is the same one: neither had begun at the look above.
  const isSame = (event: Outline) => event.type === 'regenerate' && event.in_reply_to === message_id;
  return append(ports.log, session_id, draft, session.tail, isSame);
}

/** What a cancel met. */
export type Cancelled = 'running' | 'queued' | 'nothing';

/**
 * Stops the answer to a message: tells the running call, or notes it in the log for when its turn comes. For a message
 * that is unknown or has ended nothing happens.
 */
export async function cancel(ports: RequestPorts, session_id: string, message_id: string): Promise<Cancelled> {
  const { won, session } = await ports.sessions.cancel(session_id, message_id);
  if (won || !session) return won ? 'running' : 'nothing';
  const { waiting } = await pending(ports.log, session_id, session.done_seq);
  const queued = waiting.find(({ request }) => questionOf(request) === message_id);
  if (!queued) return 'nothing';
  const draft = { type: 'cancel' as const, in_reply_to: message_id, created_at: ports.now().toISOString() };
  const { seq } = queued.request;
  await append(
    ports.log,
    session_id,
    draft,
    Math.max(session.tail, seq),
    (event) => event.type === 'cancel' && event.in_reply_to === message_id && event.seq > seq,
  );
  // It may have been started between the two looks.
  await ports.sessions.cancel(session_id, message_id);
  return 'queued';
}
