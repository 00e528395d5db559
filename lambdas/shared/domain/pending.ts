import { isEnd, type UserEvent } from '../contracts/log-events.ts';
import type { Log } from './log.ts';

/** What waits in a session's log. */
export interface Pending {
  /** The request whose turn it is. */
  readonly next?: UserEvent;
  /** Requests before it have their end already up to this `seq`. */
  readonly skipTo: number;
  /** How many wait, `next` included. */
  readonly count: number;
}

const pageSize = 100;

/** Reads what was accepted after `doneSeq` and has no end. The cost is that of the queue, not of the history. */
export async function pending(log: Log, sessionId: string, doneSeq: number): Promise<Pending> {
  const requests: UserEvent[] = [];
  const ended = new Set<number>();
  let from = doneSeq;
  for (;;) {
    const page = await log.after(sessionId, from, pageSize);
    for (const event of page) {
      if (event.type === 'user') requests.push(event);
      else if (isEnd(event) && event.ends !== undefined) ended.add(event.ends);
    }
    if (page.length < pageSize) break;
    from = page.at(-1)?.seq ?? from;
  }
  const first = requests.findIndex((request) => !ended.has(request.seq));
  const skipped = first === -1 ? requests : requests.slice(0, first);
  const open = requests.filter((request) => !ended.has(request.seq));
  const next = open[0];
  return { skipTo: skipped.at(-1)?.seq ?? doneSeq, count: open.length, ...(next && { next }) };
}
