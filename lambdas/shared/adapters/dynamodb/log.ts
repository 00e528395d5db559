import type { LogEvent, Outline } from '../../contracts/log-events.ts';
import type { Log, Page } from '../../domain/log.ts';
import { eventSk, sessionPartition } from './keys.ts';
import { longTextBytes, putText, type TextPlace, withText } from './long-text.ts';
import type { Item, Range, Table } from './table.ts';

/** Everything in an event but its text. */
const outline = [
  'seq',
  'type',
  'created_at',
  'message_id',
  'in_reply_to',
  'ends',
  'question_seq',
  'replaces',
  'replaces_seq',
  'title',
];

/** Bytes of long texts in one page, beside the 1 MB of items that DynamoDB gives at once: a small function holds both. */
const maxLongBytes = 1_000_000;

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

  async after(sessionId: string, seq: number, limit: number): Promise<Page> {
    const { items, next } = await this.#table.page(range(sessionId, seq, limit));
    const fitting = items.slice(0, countOfFitting(items));
    const events = fitting.map(async (item) => toEvent(await withText(this.#table, place(item), 'message', item)));
    return { events: await Promise.all(events), more: next !== undefined || fitting.length < items.length };
  }

  async outline(sessionId: string, seq: number, limit: number): Promise<Page<Outline>> {
    const { items, next } = await this.#table.page({ ...range(sessionId, seq, limit), only: outline });
    return { events: items as unknown as Outline[], more: next !== undefined };
  }

  /** `seq` of the last event; 0 for an empty log. */
  async lastSeq(sessionId: string): Promise<number> {
    const last = { ...range(sessionId, 0, 1), reverse: true, only: ['seq'] };
    const { items } = await this.#table.page(last);
    return Number(items[0]?.seq ?? 0);
  }

  async #text(pk: string, event: LogEvent): Promise<Item> {
    if (!('message' in event)) return {};
    return putText(this.#table, { pk, prefix: event.message_id }, 'message', event.message);
  }
}

function range(sessionId: string, seq: number, limit: number): Range {
  return { pk: sessionPartition(sessionId), from: eventSk(seq + 1), to: 'E#~', limit };
}

/** How many of the items can be had with their long texts; the first one always. */
function countOfFitting(items: readonly Item[]): number {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    const own = longTextBytes(item);
    bytes += own;
    return index > 0 && own > 0 && bytes > maxLongBytes;
  });
  return end === -1 ? items.length : end;
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
