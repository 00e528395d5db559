import type { RequestEvent } from '../shared/contracts/log-events.ts';
import type { ChatRequest } from '../shared/contracts/records.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import { purge } from '../shared/domain/deletion.ts';
import type { Log } from '../shared/domain/log.ts';
import type { Memory } from '../shared/domain/memory.ts';
import { pending } from '../shared/domain/pending.ts';
import type { Session } from '../shared/domain/session.ts';
import type { Sessions } from '../shared/domain/sessions.ts';
import { questionAt } from '../shared/domain/supervision.ts';
import type { Invocation } from '../shared/platform/edge.ts';
import { newTraceparent, traceparentOr } from '../shared/platform/trace.ts';

export interface SweepPorts {
  readonly sessions: Sessions;
  readonly log: Log;
  readonly memory: Memory;
  readonly clearLog: (sessionId: string) => Promise<void>;
  readonly publish: (request: ChatRequest, trail: Trail) => Promise<void>;
  readonly now: () => number;
}

/** Sessions of one sweep; the rest is looked at by the next, which the order of the index makes the oldest first. */
const maxSessions = 400;

/** An acceptance younger than this is under way in the ordinary manner. */
const graceMs = 2_000;

/** How long a session that was found at work, or was helped, is left alone: not past the next sweep. */
const restMs = 5_000;

/** What one sweep found. */
export interface Swept {
  produced: number;
  settled: number;
  busy: number;
  purged: number;
}

/**
 * Looks at the sessions with open work and produces again what nobody is at work on. It reads an index of what is open,
 * so its cost follows the work and not the table.
 */
export function createSweep(ports: SweepPorts) {
  return async (_event: unknown, { logger, remainingMs }: Invocation): Promise<Swept> => {
    const swept: Swept = { produced: 0, settled: 0, busy: 0, purged: 0 };
    const ids = await ports.sessions.open(new Date(ports.now() - graceMs), maxSessions);
    for (const id of ids) {
      if (remainingMs() < 5_000) break;
      try {
        swept[await lookAt(ports, id)] += 1;
      } catch (error) {
        logger.log('warn', 'sweep left a session for the next time', { session_id: id, error });
      }
    }
    if (swept.produced + swept.purged > 0) logger.log('info', 'swept', { ...swept });
    return swept;
  };
}

async function lookAt(ports: SweepPorts, sessionId: string): Promise<keyof Swept> {
  const session = await ports.sessions.get(sessionId);
  if (!session) {
    await purge(ports, sessionId);
    await ports.sessions.settleStone(sessionId);
    return 'purged';
  }
  if (session.run && session.run.lease_until > ports.now()) {
    // The step after this one may have a shorter lease, and nobody else would notice that it died.
    await ports.sessions.postpone(sessionId, new Date(Math.min(session.run.lease_until, ports.now() + restMs)));
    return 'busy';
  }
  const { waiting, skipTo } = await pending(ports.log, sessionId, session.done_seq);
  const request = waiting[0]?.request;
  if (session.run && session.run.seq <= skipTo) {
    // Its end is stored, and who stored it died before the release.
    const { session: released } = await ports.sessions.release(sessionId, session.run.seq, session.tail);
    if (!request && released) await ports.sessions.settle(released);
    if (!request) return 'settled';
  }
  if (!request) {
    await ports.sessions.settle(session);
    return 'settled';
  }
  await produceAgain(ports, session, request);
  await ports.sessions.postpone(sessionId, new Date(ports.now() + restMs));
  return 'produced';
}

async function produceAgain(ports: SweepPorts, session: Session, request: RequestEvent): Promise<void> {
  const { session_id, run } = session;
  const question_seq = request.type === 'user' ? request.seq : request.question_seq;
  const question = await questionAt(ports.log, session_id, question_seq);
  if (!question) return;
  const traceparent = run ? traceparentOr(run.traceparent) : newTraceparent();
  const { message_id, message } = question;
  const { seq, created_at } = request;
  const record = { session_id, message, message_id, seq, timestamp: Date.parse(created_at) / 1000 };
  await ports.publish(record, { traceparent, steps: [] });
}
