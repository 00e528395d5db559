import type { AgentResult, ConversationCall } from '../contracts/calls.ts';
import type { UserEvent } from '../contracts/log-events.ts';
import type { ChatResponse } from '../contracts/records.ts';
import type { Trail } from '../contracts/steps.ts';
import type { Outcome, SupervisorGraph } from './graph.ts';
import type { Log } from './log.ts';
import type { Exchange } from './memory.ts';
import { questionAt } from './requests.ts';
import { resultOf } from './result.ts';
import type { Run } from './session.ts';
import type { Sessions } from './sessions.ts';

/** Invokes an agent's function asynchronously; its outcome comes back as an event of its own. */
export interface Agents {
  call(agent: string, call: ConversationCall): Promise<void>;
}

/** Produces to `chat-responses`. Resolves when the broker has the record. */
export interface Responses {
  publish(response: ChatResponse, trail: Trail): Promise<void>;
}

/** Times in milliseconds. */
export interface SupervisionSettings {
  /** From sending a call to its beginning. Longer than a full queue of the agent's function takes. */
  readonly dispatchLeaseMs: number;
  /** From a call's outcome to the end in the log: one hop through Kafka. */
  readonly resumeLeaseMs: number;
  /** Calls of one request that may begin and be lost before it fails. */
  readonly maxAttempts: number;
  /** Age at which a request that no agent has begun ends as `expired`. */
  readonly maxAgeMs: number;
}

export interface SupervisionPorts {
  readonly sessions: Sessions;
  readonly log: Log;
  readonly graph: SupervisorGraph;
  readonly agents: Agents;
  readonly responses: Responses;
  /** What the LLM memory has for the question with this `seq`. */
  readonly recall: (sessionId: string, seq: number) => Promise<Exchange | undefined>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Names what an answer is known by: the same for the same request, whoever makes it. */
  readonly answerId: (sessionId: string, seq: number) => string;
  readonly settings: SupervisionSettings;
}

/** Sends the call that a suspended run waits for. */
export async function performCall(
  ports: SupervisionPorts,
  question: UserEvent,
  sessionId: string,
  run: Run,
  trail: Trail,
): Promise<void> {
  const { replaces_seq } = question;
  const { agent, call_id, attempt, sent } = run.call;
  await ports.agents.call(agent, {
    call_id,
    attempt,
    ...(sent !== undefined && { sent }),
    session_id: sessionId,
    message_id: question.message_id,
    seq: run.seq,
    question_seq: run.question_seq,
    ...(replaces_seq !== undefined && { forget_from: replaces_seq }),
    message: question.message,
    traceparent: trail.traceparent,
    steps: [...trail.steps],
  });
}

/** Produces a run's outcome. The responder puts it into the log and releases the session. */
export async function publishOutcome(
  ports: SupervisionPorts,
  sessionId: string,
  run: Run,
  outcome: Outcome,
  trail: Trail,
): Promise<void> {
  const known = {
    session_id: sessionId,
    message_id: ports.answerId(sessionId, run.seq),
    in_reply_to: run.message_id,
    ends: run.seq,
    timestamp: ports.now() / 1000,
    status: outcome.status,
    agent: outcome.agent,
  };
  const whole = await recalled(ports, sessionId, outcome);
  await ports.responses.publish({ ...known, ...content(whole) }, trail);
}

/** A text too long to travel with its result is fetched where it is kept. */
async function recalled(ports: SupervisionPorts, sessionId: string, outcome: Outcome): Promise<Outcome> {
  if (outcome.status === 'failed' || outcome.exchange === undefined) return outcome;
  const found = await ports.recall(sessionId, outcome.exchange);
  if (found) return { ...resultOf(found), agent: outcome.agent };
  if (outcome.status === 'cancelled') return outcome;
  const reason = 'The answer was forgotten before it could be handed over; please ask again.';
  return { status: 'failed', code: 'internal', reason, agent: outcome.agent };
}

function content(outcome: Outcome): Partial<ChatResponse> & { response: string } {
  switch (outcome.status) {
    case 'complete':
      return {
        response: outcome.text,
        ...(outcome.model !== undefined && { model: outcome.model }),
        ...(outcome.usage && { usage: outcome.usage }),
      };
    case 'failed':
      return {
        response: '',
        code: outcome.code,
        reason: outcome.reason,
        ...(outcome.partial !== undefined && { partial: outcome.partial }),
      };
    case 'cancelled':
      return { response: '', partial: outcome.partial };
  }
}

/**
 * Goes on with a run that was claimed for resuming: applies the result to the suspended graph, and either sends the
 * next call or produces the outcome.
 */
export async function goOn(
  ports: SupervisionPorts,
  sessionId: string,
  run: Run,
  result: AgentResult,
  trail: Trail,
): Promise<void> {
  const state = await ports.graph.resume(run.run_id, run.checkpoint, run.call.interrupt_id, result);
  if (state.kind === 'ended') return publishOutcome(ports, sessionId, run, state.outcome, trail);
  const question = await questionAt(ports.log, sessionId, run.question_seq);
  if (!question) return;
  const { result: _used, ...rest } = run;
  const suspended: Run = {
    ...rest,
    phase: 'calling',
    checkpoint: state.checkpoint,
    call: { call_id: ports.newId(), interrupt_id: state.waits.interrupt_id, agent: state.waits.agent, attempt: 1 },
    lease_until: ports.now() + ports.settings.dispatchLeaseMs,
    begun: 0,
  };
  const stored = await ports.sessions.suspend(sessionId, run.call.call_id, suspended);
  if (stored.won) await performCall(ports, question, sessionId, suspended, trail);
}
