import { eachBySession, failuresOf, recordsOf } from '../shared/adapters/kafka/msk-event.ts';
import { advance, reportLost, settleCall } from '../shared/domain/advance.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { newTraceparent, withStep } from '../shared/platform/trace.ts';
import { type ConsumePorts, consumeRequest } from './consume.ts';
import { parseSupervisorEvent, type SupervisorEvent } from './events.ts';

/** Answers each kind of event. Returns within milliseconds: it never waits for an agent. */
export function createSupervise(ports: ConsumePorts) {
  return async (raw: unknown, { logger }: Invocation) => {
    const event = parseSupervisorEvent(raw);
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
    return failuresOf(failed);
  };
}

async function answer(
  ports: ConsumePorts,
  event: Exclude<SupervisorEvent, { kind: 'records' }>,
  logger: Logger,
): Promise<void> {
  const since = Date.now();
  switch (event.kind) {
    case 'advance': {
      const { session_id } = event;
      const done = await advance(ports, session_id, { traceparent: newTraceparent(), steps: [] });
      logger.log('info', `advanced: ${done}`, { session_id, ms: Date.now() - since });
      return;
    }
    case 'lost': {
      const { session_id, message_id, traceparent, steps, attempt } = event.call;
      const done = await reportLost(ports, event.call, { traceparent, steps });
      const fields = { session_id, message_id, traceparent, attempt, condition: event.condition };
      logger.log('warn', `outcome lost: ${done}`, { ...fields, ms: Date.now() - since });
      return;
    }
    case 'reply': {
      const { session_id, call_id, result, steps } = event.reply;
      if (!result) return;
      const trail = withStep({ traceparent: event.traceparent, steps }, 'supervisor', 'supervisor', 'resumed', since);
      const used = await settleCall(ports, session_id, call_id, result, trail);
      const step = used ? 'resumed' : 'resumed already';
      logger.log('info', step, { session_id, call_id, status: result.status, ms: Date.now() - since });
      return;
    }
  }
}
