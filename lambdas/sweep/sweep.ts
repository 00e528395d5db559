import type { ChatRequest } from '../shared/contracts/records.ts';
import type { Trail } from '../shared/contracts/steps.ts';
import { purge } from '../shared/domain/deletion.ts';
import type { Log } from '../shared/domain/log.ts';
import type { Memory } from '../shared/domain/memory.ts';
import { pending } from '../shared/domain/pending.ts';
import { questionAt } from '../shared/domain/requests.ts';
import type { Run, Session } from '../shared/domain/session.ts';
import type { Sessions } from '../shared/domain/sessions.ts';
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
  const request = session.run ?? (await nextRequest(ports, session));
  if (!request) {
    await ports.sessions.settle(session);
    return 'settled';
  }
  await produceAgain(ports, session, request);
  await ports.sessions.postpone(sessionId, new Date(ports.now() + restMs));
  return 'produced';
}

/** Where a request stands, and the question that it is about. */
type Place = Pick<Run, 'seq' | 'question_seq'>;

async function nextRequest(ports: SweepPorts, { session_id, done_seq }: Session): Promise<Place | undefined> {
  const request = (await pending(ports.log, session_id, done_seq)).waiting[0]?.request;
  return request && { seq: request.seq, question_seq: request.type === 'user' ? request.seq : request.question_seq };
}

/** The supervisor then starts it, or takes it over from whoever left it. */
async function produceAgain(ports: SweepPorts, { session_id, run }: Session, request: Place): Promise<void> {
  const question = await questionAt(ports.log, session_id, request.question_seq);
  if (!question) return;
  const traceparent = run ? traceparentOr(run.traceparent) : newTraceparent();
  const { message_id, message, created_at } = question;
  const record = { session_id, message, message_id, seq: request.seq, timestamp: Date.parse(created_at) / 1000 };
  await ports.publish(record, { traceparent, steps: [] });
}
