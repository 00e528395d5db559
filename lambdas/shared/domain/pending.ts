import { isEnd, isRequest, type LogEvent, questionOf, type RequestEvent } from '../contracts/log-events.ts';
import type { Log } from './log.ts';

/** A request that waits, and whether it was cancelled while it did. */
export interface Waiting {
  readonly request: RequestEvent;
  readonly cancelled: boolean;
}

/** What waits in a session's log. */
export interface Pending {
  /** In the order of their turns. */
  readonly waiting: readonly Waiting[];
  /** Requests before the first waiting one have their end already up to this `seq`. */
  readonly skipTo: number;
}

const pageSize = 100;

/** A look into the log that was taken before it was known where it has to begin. */
export interface Glimpse {
  readonly after: number;
  /** Everything that stood after `after`. */
  readonly events: readonly LogEvent[];
}

/** Looks at the log around a request, back to the one before it as a rule; none where there is too much to see. */
export async function glimpse(log: Log, sessionId: string, seq: number): Promise<Glimpse | undefined> {
  const after = Math.max(0, seq - 3);
  const events = await log.after(sessionId, after, pageSize);
  return events.length < pageSize ? { after, events } : undefined;
}

/**
 * The request whose turn it is, out of a glimpse. Only for starting it: the glimpse may be older than the session's item, so
 * it can't tell that nothing waits, nor what has ended. A request that has ended meanwhile is known by its end.
 */
export function nextOf(seen: Glimpse, doneSeq: number): Waiting | undefined {
  if (doneSeq < seen.after) return undefined;
  const { waiting, skipTo } = sorted(
    seen.events.filter(({ seq }) => seq > doneSeq),
    doneSeq,
  );
  return skipTo === doneSeq ? waiting[0] : undefined;
}

/** Reads what was accepted after `doneSeq` and has no end. The cost is that of the queue, not of the history. */
export async function pending(log: Log, sessionId: string, doneSeq: number): Promise<Pending> {
  const events: LogEvent[] = [];
  for (;;) {
    const page = await log.after(sessionId, events.at(-1)?.seq ?? doneSeq, pageSize);
    events.push(...page);
    if (page.length < pageSize) return sorted(events, doneSeq);
  }
}

function sorted(events: readonly LogEvent[], doneSeq: number): Pending {
  const requests: RequestEvent[] = [];
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
