import {
  type ConsumedRecord,
  deadRecordOf,
  type FailureMode,
  jsonOf,
  recordId,
  trailOf,
} from '../shared/adapters/kafka/msk-event.ts';
import type { DeadRecord } from '../shared/contracts/calls.ts';
import type { EndEvent } from '../shared/contracts/log-events.ts';
import { chatResponse, misfit } from '../shared/contracts/records.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import { type DeliveryPorts, deliver } from '../shared/domain/delivery.ts';
import { ChatError } from '../shared/domain/errors.ts';
import { type FinishPorts, releaseAfter, storeEnd } from '../shared/domain/finish.ts';
import { toFrame } from '../shared/domain/frames.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { withStep } from '../shared/platform/trace.ts';
import { draftOf } from './draft.ts';
import { nameSession } from './name-session.ts';

export interface RespondPorts extends FinishPorts, DeliveryPorts {
  readonly failureMode: FailureMode;
  readonly clearLog: (sessionId: string) => Promise<void>;
  readonly setAside: (record: DeadRecord) => Promise<void>;
  /** Keeps a message's way, for the trace route. */
  readonly keepTrace: (sessionId: string, messageId: string, trail: Trail) => Promise<void>;
}

/**
 * Takes one record of `chat-responses`: stores the end, pushes it, and frees the session for what is next. A bad record
 * is set aside with its reason. Throws only what a later delivery may cure: a push that fails is not among it.
 */
export async function consumeResponse(ports: RespondPorts, record: ConsumedRecord, base: Logger): Promise<void> {
  const since = Date.now();
  const { topic, partition, offset } = record;
  const consumed = withStep(trailOf(record), 'responder', 'consumed', topic, Math.min(record.timestamp, since));
  const log = base.with({ topic, partition, offset, traceparent: consumed.traceparent });
  const parsed = chatResponse.safeParse(jsonOf(record));
  if (!parsed.success) return setAside(ports, record, misfit('chat response', parsed.error), log);
  const session_id = parsed.data.session_id.toLowerCase();
  try {
    const finished = await storeEnd(ports, session_id, draftOf(parsed.data, recordId(record), new Date()));
    if (!finished) return log.log('info', 'dropped: its session was deleted', { session_id });
    const { event, appended, undelivered, seen } = finished;
    const ids = { session_id, message_id: event.in_reply_to ?? event.message_id };
    const figures = { seq: event.seq, duplicate: !appended, ms: Date.now() - since, turn_ms: turnTime(consumed) };
    log.log('info', 'stored', { ...ids, ...figures });
    const stored = withStep(consumed, 'responder', 'stored', event.type, since);
    const pushed = undelivered ? await push(ports, session_id, event, stored, log.with(ids)) : stored;
    const [kept] = await Promise.all([
      releaseAfter(ports, session_id, event, seen),
      appended ? ports.keepTrace(session_id, ids.message_id, pushed) : undefined,
    ]);
    if (!kept) await ports.clearLog(session_id);
    else if (appended && event.type === 'assistant' && !seen.title) await nameSession(ports, session_id, event);
  } catch (error) {
    if (!(error instanceof ChatError) || error.retryable) throw error;
    await setAside(ports, record, error.message, log);
  }
}

/** Milliseconds from the arrival of the question to now; none where nobody noted it. */
function turnTime({ steps }: Trail): number | undefined {
  const begun = Math.min(...steps.map(({ at, ms }) => at - ms));
  return steps.some(({ step }) => step === 'socket') ? Date.now() - begun : undefined;
}

async function push(
  ports: RespondPorts,
  sessionId: string,
  event: EndEvent,
  trail: Trail,
  log: Logger,
): Promise<Trail> {
  const since = Date.now();
  const pushed = await deliver(ports, sessionId, [toFrame(sessionId, event)]);
  log.log('info', 'pushed', { type: event.type, ...pushed, ms: Date.now() - since });
  return withStep(trail, 'responder', 'pushed', `${pushed.sent} sockets`, since);
}

async function setAside(ports: RespondPorts, record: ConsumedRecord, reason: string, log: Logger): Promise<void> {
  await ports.setAside(deadRecordOf(record, reason));
  log.log('warn', 'set aside', { reason });
}
