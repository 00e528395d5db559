import { type EndEvent, isEnd, type LogEvent, type UserEvent } from '../../shared/contracts/log-events.ts';
import { visible } from '../../shared/domain/frames.ts';
import { numberIn, ownSession } from '../../shared/http/request.ts';
import { json } from '../../shared/http/respond.ts';
import type { Route } from '../ports.ts';

/** The transcript after `since`, a page at a time: fewer than asked for where texts are long. Lambda hands back 6 MB. */
export const listMessages: Route = async (ports, { event, caller, places }) => {
  const { session_id } = await ownSession(ports.sessions, caller, places[0]);
  const since = numberIn(event, 'since', { fallback: 0, min: 0, max: Number.MAX_SAFE_INTEGER });
  const limit = numberIn(event, 'limit', { fallback: 100, min: 1, max: 500 });
  const [page, last_seq] = await Promise.all([
    ports.log.after(session_id, since, limit),
    ports.log.lastSeq(session_id),
  ]);
  const { events } = page;
  const reached = events.at(-1)?.seq ?? since;
  return json(200, {
    session_id,
    messages: events.filter(isMessage).map(row),
    last_seq: Math.max(last_seq, reached),
    next_since: events.length > 0 && reached < last_seq ? reached : null,
  });
};

type MessageEvent = UserEvent | EndEvent;

function isMessage(event: LogEvent): event is MessageEvent {
  return event.type === 'user' || isEnd(event);
}

function row(event: MessageEvent) {
  const { type, message, ...shown } = visible(event) as MessageEvent;
  const status = type === 'failed' || type === 'cancelled' ? type : 'complete';
  return { ...shown, role: type === 'user' ? 'user' : 'assistant', content: message, status };
}
