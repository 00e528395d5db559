import type { Exchange, Memory } from '../../domain/memory.ts';
import { exchangeKey, sessionPartition } from './keys.ts';
import { putText, type TextPlace, withText } from './long-text.ts';
import type { Item, Table } from './table.ts';

/** The LLM memory in a table of its own: one item per exchange. */
export class DynamoDbMemory implements Memory {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async recent(sessionId: string, limit: number): Promise<Exchange[]> {
    const range = { pk: sessionPartition(sessionId), from: 'X#', to: 'X#~', limit, reverse: true };
    const items = await this.#table.query(range);
    return Promise.all(items.reverse().map(async (item) => this.#exchange(item)));
  }

  async find(sessionId: string, seq: number): Promise<Exchange | undefined> {
    const item = await this.#table.get(exchangeKey(sessionId, seq));
    return item && this.#exchange(item);
  }

  async put(sessionId: string, exchange: Exchange): Promise<void> {
    const key = exchangeKey(sessionId, exchange.seq);
    const text = await putText(this.#table, place(key.pk, exchange.request_seq), 'answer', exchange.answer);
    await this.#table.put({ ...exchange, ...text, ...key });
  }

  async forget(sessionId: string, seq: number, before: number): Promise<void> {
    const { pk, sk: from } = exchangeKey(sessionId, seq);
    await this.#table.clear({ pk, from, to: exchangeKey(sessionId, before - 1).sk });
  }

  async clear(sessionId: string): Promise<void> {
    await this.#table.clear({ pk: sessionPartition(sessionId) });
  }

  async #exchange(item: Item): Promise<Exchange> {
    const {
      pk,
      sk: _sk,
      ...whole
    } = await withText(this.#table, place(String(item.pk), Number(item.request_seq)), 'answer', item);
    return whole as unknown as Exchange;
  }
}

/** Parts belong to a request: an answer that was asked for again does not overwrite what the earlier one points at. */
function place(pk: string, requestSeq: number): TextPlace {
  return { pk, prefix: String(requestSeq) };
}
