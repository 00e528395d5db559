import {
  type AgentResult,
  type ConversationCall,
  type ConversationReply,
  conversationCall,
} from '../shared/contracts/calls.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import { maxExchanges, withinBudget } from '../shared/domain/context.ts';
import type { Exchange, Memory } from '../shared/domain/memory.ts';
import type { Sessions } from '../shared/domain/sessions.ts';
import { type Invocation, reserveMs } from '../shared/platform/edge.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { withStep } from '../shared/platform/trace.ts';
import { askModel } from './ask-model.ts';
import type { ConversationGraph } from './graph.ts';

export interface ConversePorts {
  readonly sessions: Sessions;
  readonly memory: Memory;
  readonly graph: () => Promise<ConversationGraph>;
  readonly now: () => number;
  readonly newId: () => string;
}

/**
 * Answers one call. It is begun once per attempt, whoever delivers the event how often; an exchange that memory holds
 * is the outcome of an earlier attempt, and the model is not asked again.
 */
export function createConverse(ports: ConversePorts) {
  return async (event: unknown, invocation: Invocation): Promise<ConversationReply> => {
    const call = conversationCall.parse(event);
    const { session_id, message_id, call_id, attempt, traceparent } = call;
    const logger = invocation.logger.with({ session_id, message_id, traceparent, attempt });
    const started = ports.now();
    const leaseUntil = started + invocation.remainingMs() + reserveMs;
    const [begun, recent] = await Promise.all([
      ports.sessions.begin(session_id, call_id, attempt, ports.newId(), leaseUntil),
      ports.memory.recent(session_id, maxExchanges),
    ]);
    const identity = { session_id, call_id, attempt };
    if (!begun.won) {
      logger.log('info', 'not begun: answered elsewhere', {});
      return { ...identity, steps: call.steps };
    }
    const arrived = withStep({ traceparent, steps: call.steps }, 'conversation', 'conversation', 'begun', started);
    const trail = withStep(arrived, 'conversation', 'memory read', `${recent.length} exchanges`, started);
    logger.log('info', 'memory read', { exchanges: recent.length, ms: ports.now() - started });

    const known = recent.find((exchange) => exchange.seq === call.seq && exchange.message_id === message_id);
    if (known) {
      logger.log('info', 'answered before', {});
      return { ...identity, result: resultOf(known), steps: [...trail.steps] };
    }
    const past = withinBudget(recent.filter((exchange) => exchange.seq < call.seq));
    const answered = await askModel(ports, call, past, trail, invocation, logger);
    const written = await remember(ports, call, answered.result, answered.trail, logger);
    return { ...identity, result: answered.result, steps: [...written.steps] };
  };
}

/** Stores the exchange before the answer is handed back. A failed question leaves nothing in memory. */
async function remember(
  ports: ConversePorts,
  call: ConversationCall,
  result: AgentResult,
  trail: Trail,
  logger: Logger,
): Promise<Trail> {
  if (result.status === 'failed') return trail;
  const since = ports.now();
  const { seq, message_id, message: question } = call;
  const exchange: Exchange =
    result.status === 'complete'
      ? {
          seq,
          message_id,
          question,
          answer: result.text,
          status: 'complete',
          ...(result.model !== undefined && { model: result.model }),
          ...(result.usage && { usage: result.usage }),
        }
      : { seq, message_id, question, answer: result.partial, status: 'cancelled' };
  await ports.memory.put(call.session_id, exchange);
  logger.log('info', 'memory written', { ms: ports.now() - since });
  return withStep(trail, 'conversation', 'memory written', result.status, since);
}

function resultOf({ answer, status, model, usage }: Exchange): AgentResult {
  if (status === 'cancelled') return { status, partial: answer };
  return { status, text: answer, ...(model !== undefined && { model }), ...(usage && { usage }) };
}
