import type { AgentResult } from '../contracts/calls.ts';
import { questionOf, type UserEvent } from '../contracts/log-events.ts';
import type { Trail } from '../contracts/steps.ts';
import type { GraphState } from './graph.ts';
import { glimpse, nextOf, pending, type Waiting } from './pending.ts';
import type { Run, Session } from './session.ts';
import { goOn, performCall, publishOutcome, questionAt, type SupervisionPorts } from './supervision.ts';

/** What a session was found to be in, or what was done about it. */
export type Advanced = 'started' | 'recovered' | 'busy' | 'idle' | 'gone';

/** Races that one caller may lose before it leaves the session to the winners. */
const maxRounds = 5;

/**
 * Sees to it that a session with work has exactly one run under way: starts the request whose turn it is, takes over a
 * run whose owner is gone, or finds that all is well. Safe to call at any time, by anyone, any number of times. `seq` is
 * that of the request it is called for, where that is known: the log is then looked at beside the session's item.
 */
export async function advance(
  ports: SupervisionPorts,
  sessionId: string,
  trail: Trail,
  seq?: number,
): Promise<Advanced> {
  let beside = seq === undefined ? undefined : glimpse(ports.log, sessionId, seq);
  for (let round = 0; round < maxRounds; round += 1) {
    const [session, seen] = await Promise.all([ports.sessions.get(sessionId), beside]);
    beside = undefined;
    if (!session) return 'gone';
    if (session.run && session.run.lease_until > ports.now()) return 'busy';
    const next = seen && !session.run ? nextOf(seen, session.done_seq) : undefined;
    if (next) {
      if (await start(ports, session, next, trail)) return 'started';
      continue;
    }
    const { waiting, skipTo } = await pending(ports.log, sessionId, session.done_seq);
    if (session.run && session.run.seq > skipTo) return recover(ports, session, session.run, trail);
    if (session.run) {
      // Its end is stored, and who stored it died before the release.
      await ports.sessions.release(sessionId, session.run.seq, session.tail);
    } else if (skipTo > session.done_seq) {
      await ports.sessions.skip(sessionId, session.done_seq, skipTo);
    } else if (!waiting[0]) {
      if (await ports.sessions.settle(session)) return 'idle';
    } else if (await start(ports, session, waiting[0], trail)) {
      return 'started';
    }
  }
  return 'busy';
}

async function start(ports: SupervisionPorts, session: Session, next: Waiting, trail: Trail): Promise<boolean> {
  const { session_id } = session;
  const { request, cancelled } = next;
  const { seq } = request;
  const question_seq = request.type === 'user' ? seq : request.question_seq;
  const question = request.type === 'user' ? request : await questionAt(ports.log, session_id, question_seq);
  if (!question) return false;
  const run_id = ports.newId();
  const state: GraphState = cancelled
    ? { kind: 'ended', outcome: { status: 'cancelled', partial: '', agent: 'supervisor' } }
    : await ports.graph.start({ run_id, session_id, message_id: questionOf(request), seq, message: question.message });
  const run: Run = {
    run_id,
    message_id: questionOf(request),
    seq,
    question_seq,
    traceparent: trail.traceparent,
    begun: 0,
    ...suspension(ports, state),
  };
  const tail = Math.max(session.tail, seq);
  const claimed = await ports.sessions.claim(session_id, session.done_seq, run, tail, new Date(ports.now()));
  if (!claimed.won) return false;
  if (state.kind === 'suspended') await performCall(ports, question, session_id, run, trail);
  else await publishOutcome(ports, session_id, run, state.outcome, trail);
  return true;
}

/** The parts of a run that say what it waits for: an agent, or, for one that has ended already, its end in the log. */
function suspension(ports: SupervisionPorts, state: GraphState) {
  const { dispatchLeaseMs, resumeLeaseMs } = ports.settings;
  const call_id = ports.newId();
  if (state.kind === 'ended') {
    const call = { call_id, interrupt_id: '-', agent: '-', attempt: 1 };
    const lease_until = ports.now() + resumeLeaseMs;
    return { phase: 'resuming' as const, call, checkpoint: '-', lease_until, outcome: state.outcome };
  }
  const call = { call_id, ...state.waits, attempt: 1 };
  return { phase: 'calling' as const, call, checkpoint: state.checkpoint, lease_until: ports.now() + dispatchLeaseMs };
}

/** Takes over a run that its owner has left: its lease ended, or its call's outcome was reported lost. */
export async function recover(ports: SupervisionPorts, session: Session, seen: Run, trail: Trail): Promise<Advanced> {
  const { session_id } = session;
  const lease = ports.now() + ports.settings.dispatchLeaseMs;
  const taken = await ports.sessions.takeOver(session_id, seen, lease);
  const run = taken.session?.run;
  if (!taken.won || !run) return 'busy';
  if (run.outcome) await publishOutcome(ports, session_id, run, run.outcome, trail);
  else if (run.result) await goOn(ports, session_id, run, run.result, trail);
  else await callAgain(ports, session_id, run, trail);
  return 'recovered';
}

async function callAgain(ports: SupervisionPorts, sessionId: string, run: Run, trail: Trail): Promise<void> {
  const question = await questionAt(ports.log, sessionId, run.question_seq);
  if (!question) return;
  const failure = hopeless(ports, question, run);
  if (failure) await settleCall(ports, sessionId, run.call.call_id, failure, trail);
  else await performCall(ports, question, sessionId, run, trail);
}

function hopeless(ports: SupervisionPorts, question: UserEvent, run: Run): AgentResult | undefined {
  if (run.call.attempt > ports.settings.maxAttempts) {
    return { status: 'failed', code: 'internal', reason: 'The answer was lost several times; please ask again.' };
  }
  if (run.begun === 0 && ports.now() - Date.parse(question.created_at) > ports.settings.maxAgeMs) {
    return {
      status: 'failed',
      code: 'expired',
      reason: 'The question waited too long for an agent; please ask again.',
    };
  }
  return undefined;
}

/** Applies the outcome of a call, once: the first to claim it goes on, later copies find it done. */
export async function settleCall(
  ports: SupervisionPorts,
  sessionId: string,
  callId: string,
  result: AgentResult,
  trail: Trail,
): Promise<boolean> {
  const kept = result.status === 'complete' ? undefined : result;
  // Tells the few processes apart that may bring one outcome; the session's item is to stay below 1 KB.
  const claimant = ports.newId().slice(0, 8);
  const lease = ports.now() + ports.settings.resumeLeaseMs;
  const claimed = await ports.sessions.claimResume(sessionId, callId, claimant, lease, kept);
  const run = claimed.session?.run;
  if (!claimed.won || !run) return false;
  await goOn(ports, sessionId, run, result, trail);
  return true;
}

/** A call whose outcome was lost (its process died or ran out of time): asks again, or fails for good. */
export async function reportLost(
  ports: SupervisionPorts,
  lost: { readonly session_id: string; readonly call_id: string; readonly attempt: number },
  trail: Trail,
): Promise<Advanced> {
  const session = await ports.sessions.get(lost.session_id);
  if (!session) return 'gone';
  const { run } = session;
  const stale = !run || run.call.call_id !== lost.call_id || run.phase !== 'calling' || run.begun > lost.attempt;
  return stale ? 'busy' : recover(ports, session, run, trail);
}
