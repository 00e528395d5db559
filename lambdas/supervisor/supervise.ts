import { eachBySession, failuresOf, recordsOf } from '../shared/adapters/kafka/msk-event.ts';
import { advance } from '../shared/domain/advance.ts';
import { reportLost, settleCall } from '../shared/domain/recover.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { newTraceparent, withStep } from '../shared/platform/trace.ts';
import { type ConsumePorts, consumeRequest } from './consume.ts';
import { parseSupervisorEvent, type SupervisorEvent } from './events.ts';

/** Answers each kind of event. Returns within milliseconds: it never waits for an agent. */
export function createSupervise(outside: ConsumePorts) {
  return async (raw: unknown, { logger }: Invocation) => {
    const event = parseSupervisorEvent(raw);
    const ports = { ...outside, responses: { publish: producing(outside, logger) } };
    if (event.kind !== 'records') {
      await answer(ports, event, logger);
      return undefined;
    }
    const failed = await eachBySession(
      recordsOf(event.event),
      async (record) => consumeRequest(ports, record, logger),
      ({ topic, partition, offset }, error) =>
        logger.log('error', 'record failed', { topic, partition, offset, error }),
    );
    return failuresOf(failed, ports.failureMode);
  };
}

/** Publishes responses, each with a step in its trail and a line in the log. */
function producing({ responses }: ConsumePorts, logger: Logger): ConsumePorts['responses']['publish'] {
  return async (response, trail) => {
    const since = Date.now();
    await responses.publish(response, withStep(trail, 'supervisor', 'produced', 'chat-responses', since));
    const { session_id, in_reply_to } = response;
    const fields = { session_id, message_id: in_reply_to, traceparent: trail.traceparent };
    logger.log('info', 'produced', { ...fields, ms: Date.now() - since });
  };
}

type Told = Exclude<SupervisorEvent, { kind: 'records' }>;

async function answer(ports: ConsumePorts, event: Told, logger: Logger): Promise<void> {
  if (event.kind === 'advance') return goOnWith(ports, event.session_id, logger);
  if (event.kind === 'lost') return askAgain(ports, event, logger);
  return resume(ports, event, logger);
}

async function goOnWith(ports: ConsumePorts, session_id: string, logger: Logger): Promise<void> {
  const since = Date.now();
  const done = await advance(ports, session_id, { traceparent: newTraceparent(), steps: [] });
  logger.log('info', `advanced: ${done}`, { session_id, ms: Date.now() - since });
}

async function askAgain(ports: ConsumePorts, lost: Extract<Told, { kind: 'lost' }>, logger: Logger): Promise<void> {
  const since = Date.now();
  const { session_id, message_id, traceparent, steps, attempt } = lost.call;
  const done = await reportLost(ports, lost.call, { traceparent, steps });
  const fields = { session_id, message_id, traceparent, attempt, condition: lost.condition };
  logger.log('warn', `outcome lost: ${done}`, { ...fields, ms: Date.now() - since });
}

async function resume(ports: ConsumePorts, event: Extract<Told, { kind: 'reply' }>, logger: Logger): Promise<void> {
  const since = Date.now();
  const { session_id, call_id, result, steps } = event.reply;
  if (!result) return;
  const trail = withStep({ traceparent: event.traceparent, steps }, 'supervisor', 'supervisor', 'resumed', since);
  const used = await settleCall(ports, session_id, call_id, result, trail);
  const step = used ? 'resumed' : 'resumed already';
  logger.log('info', step, { session_id, call_id, status: result.status, ms: Date.now() - since });
}
