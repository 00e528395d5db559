import { randomUUID } from 'node:crypto';
import type { UserEvent } from './contracts/log-events.ts';
import type { ChatRequest } from './contracts/records.ts';
import type { ServerFrame } from './contracts/server-frames.ts';
import type { Trail } from './contracts/steps.ts';
import { type Accepted, type AcceptPorts, accept, type Question } from './domain/accept.ts';
import { toFrame } from './domain/frames.ts';
import type { Placed } from './domain/log.ts';
import { pending } from './domain/pending.ts';
import { findQuestion, regenerate } from './domain/requests.ts';
import type { Session } from './domain/session.ts';
import type { Logger } from './platform/logger.ts';
import { newTraceparent, withStep } from './platform/trace.ts';

export interface SubmitPorts extends AcceptPorts {
  readonly publish: (request: ChatRequest, trail: Trail) => Promise<void>;
  /** Has frames pushed to all tabs of a session; may fail without harm. */
  readonly broadcast: (sessionId: string, frames: readonly ServerFrame[]) => Promise<void>;
}

/** Where a request comes from: which function took it, and when, in epoch milliseconds. */
export interface Origin {
  readonly component: string;
  readonly receivedAt: number;
  readonly logger: Logger;
}

/**
 * Takes a question in: stores it, produces it, and shows it to all tabs. It is accepted once it is stored: when Kafka
 * does not take the record, the sweep produces it later.
 */
export async function submit(
  ports: SubmitPorts,
  origin: Origin,
  question: Omit<Question, 'message_id'> & { readonly message_id?: string | undefined },
): Promise<Accepted> {
  const message_id = (question.message_id ?? randomUUID()).toLowerCase();
  const { session_id, message } = question;
  const replaces = question.replaces?.toLowerCase();
  const { trail, log } = begin(origin, session_id, message_id);
  const storing = Date.now();
  const placed = await accept(ports, { session_id, message, message_id, replaces });
  const stored = withStep(trail, origin.component, 'stored', placed.appended ? 'accepted' : 'known', storing);
  log.log('info', 'stored', { seq: placed.event.seq, duplicate: !placed.appended, ms: Date.now() - storing });
  await Promise.all([
    produce(ports, origin, session_id, placed.event, placed.event.seq, stored, log),
    show(ports, session_id, message_id, placed, placed.session),
  ]);
  return placed;
}

/** Asks for a new answer to a question; the same way in. */
export async function submitAgain(
  ports: SubmitPorts,
  origin: Origin,
  session_id: string,
  message_id: string,
): Promise<Placed> {
  const { trail, log } = begin(origin, session_id, message_id);
  const storing = Date.now();
  const placed = await regenerate(ports, session_id, message_id);
  const question = await findQuestion(ports, session_id, message_id);
  const stored = withStep(trail, origin.component, 'stored', 'asked again', storing);
  log.log('info', 'asked again', { seq: placed.event.seq, duplicate: !placed.appended, ms: Date.now() - storing });
  if (question) await produce(ports, origin, session_id, question, placed.event.seq, stored, log);
  await show(ports, session_id, message_id, placed, await ports.sessions.get(session_id));
  return placed;
}

function begin({ component, receivedAt, logger }: Origin, session_id: string, message_id: string) {
  const trail = withStep({ traceparent: newTraceparent(), steps: [] }, component, 'socket', 'received', receivedAt);
  return { trail, log: logger.with({ session_id, message_id, traceparent: trail.traceparent }) };
}

async function produce(
  ports: SubmitPorts,
  { component }: Origin,
  session_id: string,
  { message_id, message }: UserEvent,
  seq: number,
  trail: Trail,
  log: Logger,
): Promise<void> {
  const since = Date.now();
  try {
    const request = { session_id, message, timestamp: since / 1000, message_id, seq };
    await ports.publish(request, withStep(trail, component, 'produced', 'chat-requests', since));
    log.log('info', 'produced', { ms: Date.now() - since });
  } catch (error) {
    log.log('warn', 'not produced: left to the sweep', { error, ms: Date.now() - since });
    // Marked as open once more: the mark of the acceptance may have been settled by a run that ended meanwhile.
    await ports.sessions.touch(session_id, ports.now());
  }
}

async function show(
  ports: SubmitPorts,
  session_id: string,
  in_reply_to: string,
  placed: Placed,
  session: Session | undefined,
): Promise<void> {
  if (!placed.appended) return;
  const frames: ServerFrame[] = [toFrame(session_id, placed.event)];
  const position = session && mayBeBusy(session) ? await positionOf(ports, session, placed.event.seq) : 0;
  if (position > 0) frames.push({ type: 'status', in_reply_to, state: 'queued', position, run: placed.event.seq });
  // A tab that misses it sees the gap in `seq` with the answer, and asks for what it lacks.
  await ports.broadcast(session_id, frames).catch(() => undefined);
}

/** Whether others than the request just accepted may be open; only then the log is worth a look. */
function mayBeBusy({ run, accepts, settled = 0 }: Session): boolean {
  return run !== undefined || settled < accepts - 1;
}

/** How many requests are before one. */
async function positionOf(ports: SubmitPorts, session: Session, seq: number): Promise<number> {
  const { waiting } = await pending(ports.log, session.session_id, session.done_seq);
  return waiting.filter(({ request }) => request.seq < seq).length;
}
