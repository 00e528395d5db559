import { randomUUID } from 'node:crypto';
import type { UserEvent } from './contracts/log-events.ts';
import type { ChatRequest } from './contracts/records.ts';
import type { ServerFrame } from './contracts/server-frames.ts';
import type { Trail } from './contracts/steps.ts';
import { type AcceptPorts, accept, type Question } from './domain/accept.ts';
import { toFrame } from './domain/frames.ts';
import type { Placed } from './domain/log.ts';
import type { Logger } from './platform/logger.ts';
import { newTraceparent, withStep } from './platform/trace.ts';

export interface SubmitPorts extends AcceptPorts {
  readonly publish: (request: ChatRequest, trail: Trail) => Promise<void>;
  /** Has frames pushed to all tabs of a session; may fail without harm. */
  readonly broadcast: (sessionId: string, frames: readonly ServerFrame[]) => Promise<void>;
}

/**
 * Takes a question in: stores it, produces it, and shows it to all tabs. It is accepted once it is stored: when Kafka
 * does not take the record, the sweep produces it later.
 */
export async function submit(
  ports: SubmitPorts,
  component: string,
  question: Omit<Question, 'message_id'> & { readonly message_id?: string | undefined },
  receivedAt: number,
  logger: Logger,
): Promise<Placed<UserEvent>> {
  const message_id = (question.message_id ?? randomUUID()).toLowerCase();
  const { session_id } = question;
  const received = withStep({ traceparent: newTraceparent(), steps: [] }, component, 'socket', 'received', receivedAt);
  const log = logger.with({ session_id, message_id, traceparent: received.traceparent });

  const storing = Date.now();
  const placed = await accept(ports, { session_id, message: question.message, message_id });
  const stored = withStep(received, component, 'stored', placed.appended ? 'accepted' : 'known', storing);
  log.log('info', 'stored', { seq: placed.event.seq, duplicate: !placed.appended, ms: Date.now() - storing });

  await Promise.all([
    produce(ports, component, session_id, placed.event, stored, log),
    show(ports, session_id, placed),
  ]);
  return placed;
}

async function produce(
  ports: SubmitPorts,
  component: string,
  session_id: string,
  { message_id, message, seq }: UserEvent,
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

async function show(ports: SubmitPorts, sessionId: string, placed: Placed<UserEvent>): Promise<void> {
  if (!placed.appended) return;
  // A tab that misses it sees the gap in `seq` with the answer, and asks for what it lacks.
  await ports.broadcast(sessionId, [toFrame(sessionId, placed.event)]).catch(() => undefined);
}
