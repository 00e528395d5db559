import {
  type AgentResult,
  type ConversationCall,
  type ConversationReply,
  conversationCall,
} from '../shared/contracts/calls.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import { maxExchanges, withinBudget } from '../shared/domain/context.ts';
import type { DeliveryPorts } from '../shared/domain/delivery.ts';
import type { Exchange, Memory } from '../shared/domain/memory.ts';
import { portable, resultOf } from '../shared/domain/result.ts';
import { type Invocation, reserveMs } from '../shared/platform/edge.ts';
import type { Logger } from '../shared/platform/logger.ts';
import { withStep } from '../shared/platform/trace.ts';
import { type Answered, askModel } from './ask-model.ts';
import { Deltas } from './deltas.ts';
import type { ConversationGraph } from './graph.ts';
import { Watch, type WatchPorts } from './watch.ts';

export interface ConversePorts extends DeliveryPorts, WatchPorts {
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
    const [begun, recent, known] = await Promise.all([
      ports.sessions.begin(session_id, call_id, attempt, shortId(ports), leaseUntil, call.sent),
      ports.memory.recent(session_id, call.forget_from ?? call.question_seq, maxExchanges),
      // A first attempt that begins is the first to do so: nobody can have answered before it.
      attempt > 1 ? ports.memory.find(session_id, call.question_seq) : undefined,
    ]);
    const identity = { session_id, call_id, attempt };
    if (!begun.won) {
      logger.log('info', 'not begun: answered elsewhere', {});
      return { ...identity, steps: call.steps };
    }
    const arrived = withStep({ traceparent, steps: call.steps }, 'conversation', 'conversation', 'begun', started);
    const trail = withStep(arrived, 'conversation', 'memory read', `${recent.length} exchanges`, started);
    logger.log('info', 'memory read', { exchanges: recent.length, ms: ports.now() - started });

    if (known?.call_id === call_id) {
      logger.log('info', 'answered before', {});
      return { ...identity, result: portable(resultOf(known), call), steps: [...trail.steps] };
    }
    const answered = await ask(ports, call, withinBudget(recent), trail, invocation, logger);
    const written = await remember(ports, call, answered.result, answered.trail, logger);
    return { ...identity, result: portable(answered.result, call), steps: [...written.steps] };
  };
}

/** Tells the few processes apart that may begin one attempt; the session's item is to stay below 1 KB. */
const shortId = ({ newId }: ConversePorts): string => newId().slice(0, 8);

/** Kept back from the deadline, in milliseconds: to store the exchange and hand the result back. */
const closingMs = 5_000;

async function ask(
  ports: ConversePorts,
  call: ConversationCall,
  history: readonly Exchange[],
  trail: Trail,
  { remainingMs }: Invocation,
  logger: Logger,
): Promise<Answered> {
  const { session_id, message_id: in_reply_to, seq: run } = call;
  const deltas = new Deltas(ports, { session_id, in_reply_to, run });
  const watch = new Watch(ports, call, deltas);
  const sockets = ports.connections.list(session_id).then((ids) => {
    deltas.setSockets(ids);
    deltas.status(call.attempt > 1 ? 'retrying' : 'started');
  });
  try {
    const deadline = AbortSignal.timeout(Math.max(1_000, remainingMs() - closingMs));
    return await askModel({ graph: ports.graph, call, history, deltas, stop: watch.signal, deadline, trail, logger });
  } finally {
    watch.close();
    await sockets.catch(() => undefined);
    await deltas.close();
  }
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
  const { seq: request_seq, question_seq: seq, call_id, message_id, message: question, forget_from } = call;
  const known = { seq, request_seq, call_id, message_id, question };
  const exchange: Exchange =
    result.status === 'complete'
      ? {
          ...known,
          answer: result.text,
          status: 'complete',
          ...(result.model !== undefined && { model: result.model }),
          ...(result.usage && { usage: result.usage }),
        }
      : { ...known, answer: result.partial, status: 'cancelled' };
  // An edited question leaves nothing of what followed the earlier wording, nor of that itself.
  if (forget_from !== undefined) await ports.memory.forget(call.session_id, forget_from, seq);
  await ports.memory.put(call.session_id, exchange);
  logger.log('info', 'memory written', { ms: ports.now() - since });
  return withStep(trail, 'conversation', 'memory written', result.status, since);
}
