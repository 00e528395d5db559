import { isEnd, isRequest, questionOf, type RequestEvent } from '../contracts/log-events.ts';
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

/** Reads what was accepted after `doneSeq` and has no end. The cost is that of the queue, not of the history. */
export async function pending(log: Log, sessionId: string, doneSeq: number): Promise<Pending> {
  const requests: RequestEvent[] = [];
  const ended = new Set<number>();
  const cancels = new Map<string, number>();
  let from = doneSeq;
  for (;;) {
    const page = await log.after(sessionId, from, pageSize);
    for (const event of page) {
      if (isRequest(event)) requests.push(event);
      else if (event.type === 'cancel') cancels.set(event.in_reply_to, event.seq);
      else if (isEnd(event) && event.ends !== undefined) ended.add(event.ends);
    }
    if (page.length < pageSize) break;
    from = page.at(-1)?.seq ?? from;
  }
  const first = requests.findIndex((request) => !ended.has(request.seq));
  const before = first === -1 ? requests : requests.slice(0, first);
  const waiting = requests
    .filter((request) => !ended.has(request.seq))
    .map((request) => ({ request, cancelled: (cancels.get(questionOf(request)) ?? 0) > request.seq }));
  return { waiting, skipTo: before.at(-1)?.seq ?? doneSeq };
}
