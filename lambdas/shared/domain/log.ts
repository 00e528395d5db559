import type { Draft, LogEvent } from '../contracts/log-events.ts';

/**
 * Storage of the sessions' logs. Promises of every implementation:
 * - `putIfAbsent` stores under (session, seq) only when nothing is there, and says whether this call stored it. When the
 *   answer to a write was lost it may say false although the write took place: callers look for their own event.
 * - `after` is strongly consistent and gives events in order of `seq`, at most `limit`.
 */
export interface Log {
  putIfAbsent(sessionId: string, event: LogEvent): Promise<boolean>;
  after(sessionId: string, seq: number, limit: number): Promise<LogEvent[]>;
}

const pageSize = 100;

/** Where an event stands in the log, and whether this call put it there. */
export interface Placed<T extends LogEvent = LogEvent> {
  readonly event: T;
  readonly appended: boolean;
}

/**
 * Appends an event once. `from` is a `seq` that the log has reached, fixed for this event: wherever the event stands,
 * it stands after `from`. Every caller that appends the same event walks the same slots from there, and looks at each
 * occupied one before it tries the next, so the event can't be placed twice, and no slot is left empty, whoever dies
 * in between and without transactions.
 */
export async function append(
  log: Log,
  sessionId: string,
  draft: Draft,
  from: number,
  isSame: (event: LogEvent) => boolean,
): Promise<Placed> {
  let seq = from + 1;
  for (;;) {
    const event: LogEvent = { ...draft, seq };
    if (await log.putIfAbsent(sessionId, event)) return { event, appended: true };
    const taken = await log.after(sessionId, seq - 1, pageSize);
    const same = taken.find(isSame);
    if (same) return { event: same, appended: false };
    seq = (taken.at(-1)?.seq ?? seq - 1) + 1;
  }
}
