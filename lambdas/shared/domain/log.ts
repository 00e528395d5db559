import type { Draft, LogEvent, Outline } from '../contracts/log-events.ts';

/** Events in order of `seq`, and whether there may be more of them after the last. */
export interface Page<T extends Outline = LogEvent> {
  readonly events: readonly T[];
  readonly more: boolean;
}

/**
 * Storage of the sessions' logs. Promises of every implementation:
 * - `putIfAbsent` stores under (session, seq) only when nothing is there, and says whether this call stored it. When the
 *   answer to a write was lost it may say false although the write took place: callers look for their own event;
 * - reads are strongly consistent and give what stands after `seq`, at most `limit` events and at least one if there is
 *   one. `after` gives fewer where their texts are long, so that no page is more than a function's memory takes.
 */
export interface Log {
  putIfAbsent(sessionId: string, event: LogEvent): Promise<boolean>;
  after(sessionId: string, seq: number, limit: number): Promise<Page>;
  /** The same without the texts. */
  outline(sessionId: string, seq: number, limit: number): Promise<Page<Outline>>;
}

const pageSize = 100;

/** Goes through the log after `seq`, texts left out, a page at a time. */
export async function* outlines(log: Log, sessionId: string, seq: number): AsyncGenerator<Outline> {
  let from = seq;
  for (;;) {
    const { events, more } = await log.outline(sessionId, from, pageSize);
    yield* events;
    if (!more) return;
    from = events.at(-1)?.seq ?? from;
  }
}

/** The event at a place in the log, whole. */
export async function eventAt(log: Log, sessionId: string, seq: number): Promise<LogEvent | undefined> {
  const [event] = (await log.after(sessionId, seq - 1, 1)).events;
  return event?.seq === seq ? event : undefined;
}

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
  isSame: (event: Outline) => boolean,
): Promise<Placed> {
  let seq = from + 1;
  for (;;) {
    const event: LogEvent = { ...draft, seq };
    if (await log.putIfAbsent(sessionId, event)) return { event, appended: true };
    for await (const taken of outlines(log, sessionId, seq - 1)) {
      seq = taken.seq + 1;
      const same = isSame(taken) ? await eventAt(log, sessionId, taken.seq) : undefined;
      if (same) return { event: same, appended: false };
    }
  }
}
