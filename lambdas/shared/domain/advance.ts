import { isRequest, questionOf } from '../contracts/log-events.ts';
import type { Trail } from '../contracts/steps.ts';
import type { GraphState } from './graph.ts';
import { eventAt, type Log } from './log.ts';
import { eventOf, type Glimpse, glimpse, nextOf, pending, type Waiting } from './pending.ts';
import { recover } from './recover.ts';
import { questionAt } from './requests.ts';
import type { Run, Session } from './session.ts';
import { performCall, publishOutcome, type SupervisionPorts } from './supervision.ts';

/** What a session was found to be in, or what was done about it. `unknown`: it has no such request. */
export type Advanced = 'started' | 'recovered' | 'busy' | 'idle' | 'gone' | 'unknown';

/** A request as its record names it. */
export interface Named {
  readonly seq: number;
  /** Of the question. */
  readonly message_id: string;
}

/** Races that one caller may lose before it leaves the session to the winners. */
const maxRounds = 5;

/**
 * Sees to it that a session with work has exactly one run under way: starts the request whose turn it is, takes over a
 * run whose owner is gone, or finds that all is well. Safe to call at any time, by anyone, any number of times. The log
 * is looked at beside the session's item where it is known for which request, and the request has to be there.
 */
export async function advance(
  ports: SupervisionPorts,
  sessionId: string,
  trail: Trail,
  named?: Named,
): Promise<Advanced> {
  let beside = named && glimpse(ports.log, sessionId, named.seq);
  for (let round = 0; round < maxRounds; round += 1) {
    const [session, seen] = await Promise.all([ports.sessions.get(sessionId), beside]);
    beside = undefined;
    if (!session) return 'gone';
    if (named && seen && !(await holds(ports.log, sessionId, seen, named))) return 'unknown';
    if (session.run && session.run.lease_until > ports.now()) return 'busy';
    if (session.run) return recover(ports, session, session.run, trail);
    const next = seen && nextOf(seen, session.done_seq);
    if (next) {
      if (await start(ports, session, next, trail)) return 'started';
      continue;
    }
    const { waiting, skipTo } = await pending(ports.log, sessionId, session.done_seq);
    if (skipTo > session.done_seq) {
      await ports.sessions.skip(sessionId, session.done_seq, skipTo);
    } else if (!waiting[0]) {
      if (await ports.sessions.settle(session)) return 'idle';
    } else if (await start(ports, session, waiting[0], trail)) {
      return 'started';
    }
  }
  return 'busy';
}

async function holds(log: Log, sessionId: string, seen: Glimpse, { seq, message_id }: Named): Promise<boolean> {
  // A glimpse ends early behind a long text.
  const event = eventOf(seen, seq) ?? (seen.whole ? undefined : await eventAt(log, sessionId, seq));
  return event !== undefined && isRequest(event) && questionOf(event) === message_id;
}

async function start(ports: SupervisionPorts, session: Session, next: Waiting, trail: Trail): Promise<boolean> {
  const { session_id } = session;
  const { request, cancelled } = next;
  const { seq } = request;
  const question_seq = request.type === 'user' ? seq : request.question_seq;
  const question = next.question ?? (await questionAt(ports.log, session_id, question_seq));
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
