import { setTimeout as sleep } from 'node:timers/promises';
import { isUuid } from '../../shared/contracts/ids.ts';
import { ChatError } from '../../shared/domain/errors.ts';
import { ownSession } from '../../shared/http/request.ts';
import { json } from '../../shared/http/respond.ts';
import type { ApiPorts, Route } from '../ports.ts';

/**
 * The last step, the push, is what a client sees before the trace is stored and the session released; whoever asks at
 * once is not sent away, nor is one who asks in the middle of the answer told so before this has passed.
 */
const patience = { attempts: 10, everyMs: 100 };

/** The way that a message took, step by step. */
export const readTrace: Route = async (ports, { caller, places }) => {
  const { session_id } = await ownSession(ports.sessions, caller, places[0]);
  const message_id = places[1]?.toLowerCase();
  const trail = isUuid(message_id) ? await find(ports, session_id, message_id) : undefined;
  if (!trail)
    throw new ChatError('not_found', 'There is no trace of such a message; it comes with the end of its answer.');
  const steps = trail.steps.toSorted((a, b) => a.at - b.at);
  const begun = Math.min(...steps.map(({ at, ms }) => at - ms));
  const total_ms = steps.length === 0 ? 0 : (steps.at(-1)?.at ?? begun) - begun;
  return json(200, { message_id, traceparent: trail.traceparent, steps, total_ms });
};

async function find(ports: ApiPorts, session_id: string, message_id: string) {
  for (let attempt = 1; ; attempt += 1) {
    const trail = await ports.traces.find(session_id, message_id);
    if (trail || attempt === patience.attempts || !(await ports.markers.find(session_id, message_id))) return trail;
    await sleep(patience.everyMs);
  }
}
