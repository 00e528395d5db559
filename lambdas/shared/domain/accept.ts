import { createHash } from 'node:crypto';
import type { Draft, UserEvent } from '../contracts/log-events.ts';
import { ChatError } from './errors.ts';
import { checkQuestion, maxWaiting, queueIsFull } from './limits.ts';
import { append, type Log, type Placed } from './log.ts';
import type { Markers } from './markers.ts';
import { pending } from './pending.ts';
import { findQuestion } from './requests.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import { keepTail } from './tail.ts';

/** A question on its way in. */
export interface Question {
  readonly session_id: string;
  readonly message_id: string;
  readonly message: string;
  /** Message id of the question that this one is an edit of. */
  readonly replaces?: string | undefined;
}

/** A question with its place in the log, and the session as it was when the question came. */
export interface Accepted extends Placed<UserEvent> {
  readonly session: Session;
}

export interface AcceptPorts {
  readonly sessions: Sessions;
  readonly markers: Markers;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Puts a question into its session's log, once per message id, and leaves the session marked as having open work: from
 * then on the sweep finds it, whatever happens to the record in Kafka.
 * Errors: `not_found`, `invalid_request`, `too_large`, `conflict` when the id was used for another text, and
 * `rate_limited` when too many questions wait in the session.
 */
export async function accept(ports: AcceptPorts, question: Question): Promise<Accepted> {
  checkQuestion(question.message);
  const { session_id, message_id, message } = question;
  const at = ports.now();
  const session = await ports.sessions.touch(session_id, at);
  if (!session) throw new ChatError('not_found', 'There is no such session.');
  const digest = createHash('sha256').update(message).digest('base64url');
  const marker = await ports.markers.claim(session_id, { message_id, from: session.tail, digest });
  if (marker.digest !== digest) {
    throw new ChatError('conflict', 'This message_id was already used for another text.');
  }
  await checkQueue(ports, session, message_id);
  const draft: Draft<UserEvent> = {
    type: 'user',
    message_id,
    message,
    created_at: at.toISOString(),
    ...(await replaced(ports, question)),
  };
  const placed = await append(
    ports.log,
    session_id,
    draft,
    marker.from,
    (event) => event.type === 'user' && event.message_id === message_id,
  );
  await keepTail(ports.sessions, session_id, marker.from, placed);
  return { event: placed.event as UserEvent, appended: placed.appended, session };
}

/** Throws `rate_limited` when the queue is full, unless the question is in the log already. */
async function checkQueue(ports: AcceptPorts, session: Session, messageId: string): Promise<void> {
  const { session_id, accepts, settled = 0, done_seq } = session;
  // Counts can only say that the queue is short: what was accepted since nothing was open may have ended.
  if (accepts - settled <= maxWaiting) return;
  const { waiting } = await pending(ports.log, session_id, done_seq);
  if (waiting.length >= maxWaiting && !(await findQuestion(ports, session_id, messageId))) throw queueIsFull();
}

async function replaced(ports: AcceptPorts, { session_id, replaces }: Question) {
  if (replaces === undefined) return {};
  const earlier = await findQuestion(ports, session_id, replaces);
  if (!earlier) throw new ChatError('not_found', 'The question to replace is not in this session.');
  return { replaces, replaces_seq: earlier.replaces_seq ?? earlier.seq };
}
