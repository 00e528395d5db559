import {
  isEnd,
  isRequest,
  type LogEvent,
  type Outline,
  questionOf,
  type RequestEvent,
  type UserEvent,
} from '../contracts/log-events.ts';
import { type Log, outlines } from './log.ts';

/** A request that waits, and whether it was cancelled while it did. */
export interface Waiting {
  readonly request: Outline<RequestEvent>;
  readonly cancelled: boolean;
  /** The question, where it was seen with its text. */
  readonly question?: UserEvent;
}

/** What waits in a session's log. */
export interface Pending {
  /** In the order of their turns. */
  readonly waiting: readonly Waiting[];
  /** Requests before the first waiting one have their end already up to this `seq`. */
  readonly skipTo: number;
}

/** A look into the log that was taken before it was known where it has to begin. */
export interface Glimpse {
  readonly after: number;
  /** What stood after `after`: everything, or only the beginning. */
  readonly events: readonly LogEvent[];
  readonly whole: boolean;
}

/** Events of a glimpse. With their texts: the question need not be read again, and more than a few would be no glimpse. */
const glimpsed = 8;

/** Looks at the log around a request, back to the one before it as a rule. */
export async function glimpse(log: Log, sessionId: string, seq: number): Promise<Glimpse> {
  const after = Math.max(0, seq - 3);
  const { events, more } = await log.after(sessionId, after, glimpsed);
  return { after, events, whole: !more };
}

/**
 * The request whose turn it is, out of a glimpse. Only for starting it: the glimpse may be older than the session's item, so
 * it can't tell that nothing waits, nor what has ended. A request that has ended meanwhile is known by its end.
 */
export function nextOf(seen: Glimpse, doneSeq: number): Waiting | undefined {
  if (!seen.whole || doneSeq < seen.after) return undefined;
  const { waiting, skipTo } = sorted(
    seen.events.filter(({ seq }) => seq > doneSeq),
    doneSeq,
  );
  const [next] = waiting;
  if (!next || skipTo !== doneSeq) return undefined;
  const question = eventOf(seen, next.request.seq);
  return { ...next, ...(question?.type === 'user' && { question }) };
}

/** The event with this `seq`, out of a glimpse that was taken around it. */
export function eventOf(seen: Glimpse, seq: number): LogEvent | undefined {
  return seen.events.find((event) => event.seq === seq);
}

/** Reads what was accepted after `doneSeq` and has no end. The cost is that of the queue, not of the history. */
export async function pending(log: Log, sessionId: string, doneSeq: number): Promise<Pending> {
  const events: Outline[] = [];
  for await (const event of outlines(log, sessionId, doneSeq)) events.push(event);
  return sorted(events, doneSeq);
}

function sorted(events: readonly Outline[], doneSeq: number): Pending {
  const requests: Outline<RequestEvent>[] = [];
  const ended = new Set<number>();
  const cancels = new Map<string, number>();
  for (const event of events) {
    if (isRequest(event)) requests.push(event);
    else if (event.type === 'cancel') cancels.set(event.in_reply_to, event.seq);
    else if (isEnd(event) && event.ends !== undefined) ended.add(event.ends);
  }
  const first = requests.findIndex((request) => !ended.has(request.seq));
  const before = first === -1 ? requests : requests.slice(0, first);
  const waiting = requests
    .filter((request) => !ended.has(request.seq))
    .map((request) => ({ request, cancelled: (cancels.get(questionOf(request)) ?? 0) > request.seq }));
  return { waiting, skipTo: before.at(-1)?.seq ?? doneSeq };
}
