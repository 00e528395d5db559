import type { AgentResult, ConversationCall } from '../contracts/calls.ts';
import type { UserEvent } from '../contracts/log-events.ts';
import type { Trail } from '../contracts/steps.ts';
import type { Advanced } from './advance.ts';
import { eventAt } from './log.ts';
import { questionAt } from './requests.ts';
import { portable, resultOf } from './result.ts';
import type { Run, Session } from './session.ts';
import { goOn, performCall, publishOutcome, type SupervisionPorts } from './supervision.ts';

/**
 * Takes over a run that its owner has left: its lease ended, or its call's outcome was reported lost. Where it is the
 * responder that died, the end may be stored and not pushed: the call has its answer from memory, and the outcome that is
 * produced again finds its end in the log and has it pushed.
 */
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
  const result = await withoutCall(ports, question, sessionId, run);
  if (result) await settleCall(ports, sessionId, run.call.call_id, result, trail);
  else await performCall(ports, question, sessionId, run, trail);
}

/** The result of a call that is not to be sent again. */
async function withoutCall(
  ports: SupervisionPorts,
  question: UserEvent,
  sessionId: string,
  { call, begun, seq, question_seq }: Run,
): Promise<AgentResult | undefined> {
  if (call.attempt > ports.settings.maxAttempts) {
    // The last attempt may have come to its answer, and died over handing it back.
    const exchange = await ports.recall(sessionId, question_seq);
    if (exchange?.call_id === call.call_id) return portable(resultOf(exchange), { question_seq });
    return { status: 'failed', code: 'internal', reason: 'The answer was lost several times; please ask again.' };
  }
  if (begun > 0) return undefined;
  const request = seq === question_seq ? question : await eventAt(ports.log, sessionId, seq);
  if (!request || ports.now() - Date.parse(request.created_at) <= ports.settings.maxAgeMs) return undefined;
  return { status: 'failed', code: 'expired', reason: 'The question waited too long for an agent; please ask again.' };
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

/**
 * True for a report that says nothing of what is awaited. Several copies of a call may be in the queue: once one of them has
 * begun, only its own death counts; before, only the loss of the last one, or each that is thrown away would send one more.
 */
function isOld(
  lost: Pick<ConversationCall, 'call_id' | 'attempt' | 'sent'>,
  { call, begun, by = 1, phase }: Run,
): boolean {
  const { attempt, sent } = call.attempt > begun ? { sent: 1, ...call } : { attempt: begun, sent: by };
  const same = call.call_id === lost.call_id && attempt === lost.attempt && sent === (lost.sent ?? 1);
  return phase !== 'calling' || !same;
}

/** A call whose outcome was lost (its process died or ran out of time): asks again, or fails for good. */
export async function reportLost(
  ports: SupervisionPorts,
  lost: Pick<ConversationCall, 'session_id' | 'call_id' | 'attempt' | 'sent'>,
  trail: Trail,
): Promise<Advanced> {
  const session = await ports.sessions.get(lost.session_id);
  if (!session) return 'gone';
  const { run } = session;
  return !run || isOld(lost, run) ? 'busy' : recover(ports, session, run, trail);
}
