import type { LogEvent } from '../../contracts/log-events.ts';
import type { Log } from '../../domain/log.ts';
import { eventSk, sessionPartition } from './keys.ts';
import { putText, type TextPlace, withText } from './long-text.ts';
import type { Item, Table } from './table.ts';

/** The sessions' logs: one item per event, so that no item grows with a conversation. */
export class DynamoDbLog implements Log {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async putIfAbsent(sessionId: string, event: LogEvent): Promise<boolean> {
    const key = { pk: sessionPartition(sessionId), sk: eventSk(event.seq) };
    return this.#table.put({ ...event, ...(await this.#text(key.pk, event)), ...key }, true);
  }

  async after(sessionId: string, seq: number, limit: number): Promise<LogEvent[]> {
    const range = { pk: sessionPartition(sessionId), from: eventSk(seq + 1), to: 'E#~', limit };
    const items = await this.#table.query(range);
    return Promise.all(items.map(async (item) => toEvent(await withText(this.#table, place(item), 'message', item))));
  }

  /** `seq` of the last event; 0 for an empty log. Eventually consistent: for display. */
  async lastSeq(sessionId: string): Promise<number> {
    const range = { pk: sessionPartition(sessionId), from: eventSk(0), to: 'E#~', limit: 1, reverse: true };
    const [last] = await this.#table.query(range);
    return last ? toEvent(last).seq : 0;
  }

  async #text(pk: string, event: LogEvent): Promise<Item> {
    if (!('message' in event)) return {};
    return putText(this.#table, { pk, prefix: event.message_id }, 'message', event.message);
  }
}

/** Parts belong to a message, not to a place in the log: an append that is tried at the next place finds them again. */
function place({ pk, message_id }: Item): TextPlace {
  return { pk: String(pk), prefix: String(message_id) };
}

function toEvent({ pk: _pk, sk: _sk, ...event }: Item): LogEvent {
  return event as unknown as LogEvent;
}

/** Removes a session's events, markers, parts and traces; its own item stays, as the stone of a deleted one. */
export async function clearSession(table: Table, sessionId: string): Promise<void> {
  const pk = sessionPartition(sessionId);
  for (const kind of ['E', 'M', 'P', 'T']) await table.clear({ pk, from: `${kind}#`, to: `${kind}#~` });
}
