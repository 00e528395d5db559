import type { AssistantEvent } from '../shared/contracts/log-events.ts';
import { type DeliveryPorts, deliver } from '../shared/domain/delivery.ts';
import { toFrame } from '../shared/domain/frames.ts';
import type { Log } from '../shared/domain/log.ts';
import { rename } from '../shared/domain/rename.ts';
import { questionAt } from '../shared/domain/requests.ts';
import type { Sessions } from '../shared/domain/sessions.ts';
import { titleFrom } from '../shared/domain/title.ts';

/** Questions are looked at for a title only at the beginning of a session. */
const earliest = 5;

/** Gives a session without a title one, from its first question. */
export async function nameSession(
  ports: DeliveryPorts & { readonly sessions: Sessions; readonly log: Log },
  sessionId: string,
  { ends }: AssistantEvent,
): Promise<void> {
  if (ends === undefined || ends > earliest) return;
  const session = await ports.sessions.get(sessionId);
  if (!session || session.title) return;
  const first = await questionAt(ports.log, sessionId, 1);
  const title = first ? titleFrom(first.message) : '';
  if (title === '') return;
  const renamed = await rename(ports, session, title, new Date());
  if (renamed) await deliver(ports, sessionId, [toFrame(sessionId, renamed.event)]);
}
