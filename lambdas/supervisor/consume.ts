import type { ConsumedRecord, FailureMode } from '../shared/adapters/kafka/msk-event.ts';
import { deadRecordOf, jsonOf, recordId, trailOf } from '../shared/adapters/kafka/msk-event.ts';
import type { DeadRecord } from '../shared/contracts/calls.ts';
import { type ChatRequest, chatRequest, misfit } from '../shared/contracts/records.ts';
import type { ServerFrame } from '../shared/contracts/server-frames.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import { accept } from '../shared/domain/accept.ts';
import { type Advanced, advance } from '../shared/domain/advance.ts';
import { ChatError } from '../shared/domain/errors.ts';
import { toFrame } from '../shared/domain/frames.ts';
import type { Markers } from '../shared/domain/markers.ts';
import type { SupervisionPorts } from '../shared/domain/supervision.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { withStep } from '../shared/platform/trace.ts';

export interface ConsumePorts extends SupervisionPorts {
  readonly markers: Markers;
  readonly failureMode: FailureMode;
  /** Writes a record that can't be used to the dead-letter topic. */
  readonly setAside: (record: DeadRecord) => Promise<void>;
  readonly broadcast: (sessionId: string, frames: readonly ServerFrame[]) => Promise<void>;
}

/**
 * Takes one record of `chat-requests`. A bad one goes to the dead-letter topic with its reason; one for a deleted
 * session is dropped. Throws only what a later delivery may cure.
 */
export async function consumeRequest(ports: ConsumePorts, record: ConsumedRecord, base: Logger): Promise<void> {
  const since = Date.now();
  const consumed = withStep(trailOf(record), 'supervisor', 'consumed', record.topic, Math.min(record.timestamp, since));
  const { topic, partition, offset } = record;
  const log = base.with({ topic, partition, offset, traceparent: consumed.traceparent });
  const parsed = chatRequest.safeParse(jsonOf(record));
  if (!parsed.success) return setAside(ports, record, misfit('chat request', parsed.error), log);
  const session_id = parsed.data.session_id.toLowerCase();
  try {
    const trail = withStep(consumed, 'supervisor', 'supervisor', 'started', since);
    const message_id = (parsed.data.message_id ?? recordId(record)).toLowerCase();
    const done = await takeIn(ports, { ...parsed.data, session_id, message_id }, trail);
    if (done === 'gone' && !(await ports.sessions.wasDeleted(session_id))) {
      throw new ChatError('not_found', 'There is no such session.');
    }
    log.log('info', `consumed: ${done}`, { session_id, message_id, ms: Date.now() - since });
  } catch (error) {
    if (!(error instanceof ChatError) || canWait(error)) throw error;
    if (error.code === 'not_found' && (await ports.sessions.wasDeleted(session_id))) {
      return log.log('info', 'dropped: its session was deleted', { session_id });
    }
    await setAside(ports, record, error.message, log);
  }
}

/** A full queue may stay so for hours, and others wait behind the record: it is set aside, to be sent again. */
function canWait({ code, retryable }: ChatError): boolean {
  return retryable && code !== 'rate_limited';
}

/**
 * Has the request's turn come, or begin to wait. One from elsewhere is put into the log first, and shown to the session's
 * tabs; that is any whose place the log does not know, whatever number it brings.
 */
async function takeIn(
  ports: ConsumePorts,
  { session_id, message_id, message, seq }: ChatRequest & { readonly message_id: string },
  trail: Trail,
): Promise<Advanced> {
  if (seq !== undefined) {
    const done = await advance(ports, session_id, trail, { seq, message_id });
    if (done !== 'unknown') return done;
  }
  const { event, appended } = await accept(
    { ...ports, now: () => new Date(ports.now()) },
    { session_id, message_id, message },
  );
  if (appended) await ports.broadcast(session_id, [toFrame(session_id, event)]).catch(() => undefined);
  return advance(ports, session_id, trail, { seq: event.seq, message_id });
}

async function setAside(ports: ConsumePorts, record: ConsumedRecord, reason: string, log: Logger): Promise<void> {
  await ports.setAside(deadRecordOf(record, reason));
  log.log('warn', 'set aside', { reason });
}
